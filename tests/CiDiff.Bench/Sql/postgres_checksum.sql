-- One checksum of both tables in the form that data-diff and reladiff send, psql -v head=SCHEMA: the least that their hash diff of two tables costs, which
-- sends it for every range of keys, and again for every part of a range that differs.
-- https://github.com/datafold/data-diff/blob/v0.11.1/data_diff/databases/postgresql.py
select count(*), sum(('x' || substring(md5(coalesce(id::varchar, '<null>') || '|' || coalesce(customer_id::varchar, '<null>') || '|' || coalesce(status::varchar, '<null>') || '|'
   || coalesce(amount::decimal(38, 2)::varchar, '<null>') || '|' || coalesce(discount::decimal(38, 13)::varchar, '<null>') || '|' || coalesce(note::varchar, '<null>') || '|'
   || coalesce(to_char(created_at, 'YYYY-mm-dd HH24:MI:SS.US'), '<null>') || '|' || coalesce(to_char(updated_at::timestamp, 'YYYY-mm-dd HH24:MI:SS.US'), '<null>')), 21))::bit(48)::bigint - 140737488355327)
from prod.orders;
select count(*), sum(('x' || substring(md5(coalesce(id::varchar, '<null>') || '|' || coalesce(customer_id::varchar, '<null>') || '|' || coalesce(status::varchar, '<null>') || '|'
   || coalesce(amount::decimal(38, 2)::varchar, '<null>') || '|' || coalesce(discount::decimal(38, 13)::varchar, '<null>') || '|' || coalesce(note::varchar, '<null>') || '|'
   || coalesce(to_char(created_at, 'YYYY-mm-dd HH24:MI:SS.US'), '<null>') || '|' || coalesce(to_char(updated_at::timestamp, 'YYYY-mm-dd HH24:MI:SS.US'), '<null>')), 21))::bit(48)::bigint - 140737488355327)
from :head.orders;
