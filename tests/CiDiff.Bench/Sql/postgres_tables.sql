-- A pair of tables of :n rows and 8 columns, for psql -v n=ROWS.
--   prod.orders  base: ids are i + (i-1)/1999, so that the multiples of 2000 are gaps
--   pr.orders    0.1 % amount + 0.01, 0.05 % missing, 0.05 % added, 0.01 % null to value, scattered
--   same.orders  a copy of base
--   allx.orders  every row changed
-- For a million rows: removed 500, added 500, changed 1,100 (amount 1,000, discount 100).
\set ON_ERROR_STOP on
create schema prod; create schema pr; create schema same; create schema allx;
create function public.mkrow(i bigint, id bigint, out customer_id int, out status text, out amount numeric(12,2),
  out discount double precision, out note text, out created_at timestamp, out updated_at timestamptz) language sql immutable parallel safe as $$
 select ((i*7919) % 100000)::int,
        (array['placed','shipped','completed','return_pending','returned'])[1 + (i % 5)],
        ((i*31337) % 1000000)/100.0::numeric(12,2),
        case when i % 10 = 0 then null else ((i*37) % 1000)/997.0::double precision end,
        case when i % 20 = 3 then null else 'note ' || substr(md5(i::text),1,25) end,
        timestamp '2020-01-01' + (i * 7) * interval '1 second' + ((i*13) % 1000000) * interval '1 microsecond',
        timestamptz '2020-01-02 00:00:00+00' + (i * 7) * interval '1 second' + ((i*17) % 1000000) * interval '1 microsecond' $$;

create table prod.orders (id bigint not null, customer_id int, status text, amount numeric(12,2), discount double precision,
  note text, created_at timestamp, updated_at timestamptz);
create table pr.orders (like prod.orders including all);
create table same.orders (like prod.orders including all);
create table allx.orders (like prod.orders including all);

insert into prod.orders
select i + (i-1)/1999, r.* from generate_series(1::bigint, :n) i, lateral public.mkrow(i, 0) r;

insert into same.orders select * from prod.orders order by id;

-- scattered: rows in key order
insert into pr.orders
select id, customer_id, status, amount, discount, note, created_at, updated_at from (
  select i + (i-1)/1999 as id, r.customer_id, r.status,
         case when i % 1000 = 42 then (r.amount + 0.01)::numeric(12,2) else r.amount end as amount,
         case when i % 10000 = 5000 then 0.15 else r.discount end as discount, r.note, r.created_at, r.updated_at
  from generate_series(1::bigint, :n) i, lateral public.mkrow(i, 0) r where i % 2000 <> 7
  union all
  select 2000*k, r.* from generate_series(1::bigint, :n/2000) k, lateral public.mkrow(2000*k, 0) r
) s order by id;

insert into allx.orders
select id, customer_id, status, (amount*1.1)::numeric(12,2)+0.01, discount, note, created_at, updated_at from prod.orders order by id;

alter table prod.orders add primary key (id);
alter table pr.orders add primary key (id);
alter table same.orders add primary key (id);
alter table allx.orders add primary key (id);
vacuum analyze prod.orders; vacuum analyze pr.orders; vacuum analyze same.orders; vacuum analyze allx.orders;

-- what was written is on its way to the disk before anybody is timed
checkpoint;
