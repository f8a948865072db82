-- The tables of postgres_tables.sql, for DuckDB. :n is replaced by the number of rows.
set timezone = 'UTC';
create or replace macro mkrow(i) as struct_pack(
  customer_id := ((i*7919) % 100000)::int,
  status      := (['placed','shipped','completed','return_pending','returned'])[1 + (i % 5)],
  amount      := (((i*31337) % 1000000) / 100.0)::decimal(12,2),
  discount    := case when i % 10 = 0 then null else ((i*37) % 1000) / 997.0::double end,
  note        := case when i % 20 = 3 then null else 'note ' || substr(md5(i::varchar), 1, 25) end,
  created_at  := timestamp '2020-01-01' + to_microseconds(i*7000000 + (i*13) % 1000000),
  updated_at  := timestamptz '2020-01-02 00:00:00+00' + to_microseconds(i*7000000 + (i*17) % 1000000));
create or replace table prod_orders as
  select i + (i-1)//1999 as id, unnest(mkrow(i)) from range(1, :n + 1) t(i);
create or replace table pr_orders as
  select * from (
    select id, customer_id, status,
           case when i % 1000 = 42 then (amount + 0.01)::decimal(12,2) else amount end as amount,
           case when i % 10000 = 5000 then 0.15 else discount end as discount, note, created_at, updated_at
    from (select i, i + (i-1)//1999 as id, unnest(mkrow(i)) from range(1, :n + 1) t(i)) where i % 2000 <> 7
    union all
    select 2000*k as id, unnest(mkrow(2000*k)) from range(1, :n//2000 + 1) t(k)) order by id;
create or replace table same_orders as select * from prod_orders;
create or replace table allx_orders as select * replace ((amount * 1.1)::decimal(12,2) + 0.01 as amount) from prod_orders;
