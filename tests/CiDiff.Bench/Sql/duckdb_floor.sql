-- The query of postgres_floor.sql. :head is replaced by the table's prefix.
select count(*) filter (where a.id is null) as added, count(*) filter (where b.id is null) as removed,
 count(*) filter (where a.id is not null and b.id is not null) as matched,
 count(*) filter (where a.id is not null and b.id is not null and (a.customer_id is distinct from b.customer_id or a.status is distinct from b.status or a.amount is distinct from b.amount
   or a.discount is distinct from b.discount or a.note is distinct from b.note or a.created_at is distinct from b.created_at or a.updated_at is distinct from b.updated_at)) as changed,
 count(*) filter (where a.id is not null and b.id is not null and a.customer_id is distinct from b.customer_id) d_customer_id,
 count(*) filter (where a.id is not null and b.id is not null and a.status is distinct from b.status) d_status,
 count(*) filter (where a.id is not null and b.id is not null and a.amount is distinct from b.amount) d_amount,
 count(*) filter (where a.id is not null and b.id is not null and a.discount is distinct from b.discount) d_discount,
 count(*) filter (where a.id is not null and b.id is not null and a.note is distinct from b.note) d_note,
 count(*) filter (where a.id is not null and b.id is not null and a.created_at is distinct from b.created_at) d_created,
 count(*) filter (where a.id is not null and b.id is not null and a.updated_at is distinct from b.updated_at) d_updated
from prod_orders a full outer join :head_orders b on a.id=b.id;
