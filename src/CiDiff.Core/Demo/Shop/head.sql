-- The pull request: what dbt builds from its branch, the project in target/manifest.json, in DuckDB's SQL. Compare with base.sql.

create schema dbt_pr_42;
create schema dbt_pr_42_finance;

-- Seeds.
create table dbt_pr_42.country_names (code varchar, country_name varchar, region varchar);
insert into dbt_pr_42.country_names values
    ('DE', 'Germany', 'Europe'),
    ('FR', 'France', 'Europe'),
    ('GB', 'United Kingdom', 'Europe'),
    ('IN', 'India', 'Asia'),
    ('JP', 'Japan', 'Asia'),
    ('MX', 'Mexico', 'North America'),
    ('SE', 'Sweden', 'Europe'),
    ('US', 'United States', 'Americas'),
    ('NO', 'Norway', 'Europe');

create table dbt_pr_42.raw_customers as
select id, first_name, last_name, email, country, joined_on, opted_in
from read_csv('raw_customers.csv.gz', columns = {
    id: 'integer', first_name: 'varchar', last_name: 'varchar', email: 'varchar', country: 'varchar', joined_on: 'date', opted_in: 'varchar'});

create table dbt_pr_42.raw_orders as
select id, customer_id, ordered_at, status, channel, discount_pct, note
from read_csv('raw_orders.csv.gz', columns = {
    id: 'integer', customer_id: 'integer', ordered_at: 'varchar', status: 'varchar', channel: 'varchar', discount_pct: 'integer', note: 'varchar'});

create table dbt_pr_42.raw_order_items as
select order_id, line_number, sku, quantity, unit_price_cents
from read_csv('raw_order_items.csv.gz', columns = {
    order_id: 'integer', line_number: 'integer', sku: 'varchar', quantity: 'integer', unit_price_cents: 'bigint'});

create table dbt_pr_42.raw_payments as
select id, order_id, method, amount_cents, paid_at, settled
from read_csv('raw_payments.csv.gz', columns = {
    id: 'integer', order_id: 'integer', method: 'varchar', amount_cents: 'decimal(12,2)', paid_at: 'varchar', settled: 'varchar'});

create table dbt_pr_42.raw_products as
select sku, title, category, list_price_cents, weight_kg, attributes
from read_csv('raw_products.csv.gz', columns = {
    sku: 'varchar', title: 'varchar', category: 'varchar', list_price_cents: 'integer', weight_kg: 'double', attributes: 'varchar'});

-- Staging.
create view dbt_pr_42.stg_customers as
select
    id as customer_id,
    first_name || ' ' || last_name as full_name,
    nullif(email, '') as email,
    country as country_code,
    joined_on,
    opted_in::boolean as opted_in
from dbt_pr_42.raw_customers;

create view dbt_pr_42.stg_orders as
select
    id as order_id,
    customer_id, -- who bought
    ordered_at::timestamp as ordered_at,
    status,
    nullif(lower(trim(channel)), '') as channel,
    discount_pct,
    nullif(lower(trim(note)), '') as note
from dbt_pr_42.raw_orders;

create view dbt_pr_42.stg_order_items as
select
    order_id,
    line_number,
    sku as product_id,
    quantity,
    round(unit_price_cents * 0.01, 4)::decimal(18,4) as unit_price
from dbt_pr_42.raw_order_items;

create view dbt_pr_42.stg_payments as
select
    id as payment_id,
    order_id,
    method,
    round(amount_cents * 0.01, 4)::decimal(18,4) as amount,
    paid_at::timestamp as paid_at,
    settled::boolean as settled
from dbt_pr_42.raw_payments;

create view dbt_pr_42.stg_products as
select
    sku as product_id,
    title,
    nullif(lower(trim(category)), '') as category,
    list_price_cents,
    weight_kg::decimal(8,3) as weight_kg,
    attributes::json as attributes
from dbt_pr_42.raw_products;

create view dbt_pr_42.stg_web_sessions as
select session_id, customer_id, started_at, channel, pages, tags, (payload ->> 'score')::double as score
from landing.web_sessions;

-- Intermediate; int_order_totals is ephemeral, so it stands in the queries that use it.
create table dbt_pr_42.int_order_payments as
select order_id, count(*) as payments, sum(amount) filter (where settled)::decimal(18,4) as paid, min(paid_at) as first_paid_at
from dbt_pr_42.stg_payments
group by order_id
order by order_id;

-- Marts.
create table dbt_pr_42.dim_customers as
select
    c.customer_id,
    c.full_name,
    c.email,
    c.country_code,
    n.region,
    c.joined_on,
    c.opted_in,
    count(o.order_id)::integer as orders_placed,
    max(o.ordered_at)::date as last_order_on
from dbt_pr_42.stg_customers as c
left join dbt_pr_42.country_names as n on n.code = c.country_code
left join dbt_pr_42.stg_orders as o on o.customer_id = c.customer_id
group by 1, 2, 3, 4, 5, 6, 7
order by 1;

create view dbt_pr_42.dim_countries as
select code as country_code, country_name, region
from dbt_pr_42.country_names;

create table dbt_pr_42.dim_products as
select
    product_id,
    title,
    category as product_category,
    list_price_cents,
    weight_kg,
    attributes ->> 'colour' as "Main Colour",
    attributes
from dbt_pr_42.stg_products
order by product_id;

create table dbt_pr_42_finance.fct_orders as
with int_order_totals as (
    select order_id, count(*) as lines, sum(quantity)::bigint as units, sum(quantity * unit_price)::decimal(18,4) as gross
    from dbt_pr_42.stg_order_items
    group by order_id
)
select
    o.order_id,
    o.customer_id,
    o.ordered_at,
    o.status,
    o.channel,
    t.lines,
    t.units,
    round(t.gross, 2)::decimal(18,2) as gross_amount,
    round(case when o.status = 'returned' then 0 else t.gross * o.discount_pct * 0.01 end, 2)::decimal(18,2) as discount_amount,
    round(case when o.status = 'returned' then t.gross else t.gross * (100 - o.discount_pct) * 0.01 end, 2)::decimal(18,2) as net_amount,
    coalesce(p.paid, 0)::decimal(18,4) as paid_amount,
    p.first_paid_at
from dbt_pr_42.stg_orders as o
join int_order_totals as t using (order_id)
left join dbt_pr_42.int_order_payments as p using (order_id)
order by o.order_id;

create table dbt_pr_42_finance.fct_order_items as
select
    i.order_id,
    i.line_number,
    i.product_id,
    o.ordered_at,
    i.quantity,
    i.unit_price::double as unit_price,
    (i.quantity * i.unit_price)::decimal(18,4) as line_total,
    timestamptz '2026-11-20 20:46:19+00' as built_at
from dbt_pr_42.stg_order_items as i
join dbt_pr_42.stg_orders as o using (order_id)
order by i.order_id, i.line_number;

create table dbt_pr_42_finance.fct_daily_revenue as
select
    ordered_at::date as order_date,
    channel,
    count(*) as orders,
    sum(net_amount)::decimal(18,2) as net_revenue,
    sum(net_amount) filter (where status = 'returned')::decimal(18,2) as returned_revenue
from dbt_pr_42_finance.fct_orders
where status <> 'cancelled'
group by 1, 2
order by 1, 2;

create table dbt_pr_42_finance.fct_refunds as
select order_id, customer_id, ordered_at::date as ordered_on, paid_amount as refund_amount
from dbt_pr_42_finance.fct_orders
where status = 'returned' and paid_amount > 0
order by order_id;

create table dbt_pr_42_finance.weekly_order_summary as
select date_trunc('week', ordered_at)::date as week_start, count(*) as orders, sum(net_amount)::decimal(18,2) as net_amount
from dbt_pr_42_finance.fct_orders
group by 1
order by 1;

create macro dbt_pr_42.order_band(amount) as case when amount >= 100 then 'large' when amount >= 25 then 'medium' else 'small' end;

create view dbt_pr_42_finance.order_bands as
select order_id, dbt_pr_42.order_band(net_amount) as band
from dbt_pr_42_finance.fct_orders;

create table dbt_pr_42.best_sellers as
select product_id, sum(quantity)::bigint as units
from dbt_pr_42.stg_order_items
group by product_id
order by product_id;

create table dbt_pr_42.channel_sessions as
select channel, started_at::date as visit_date, count(*) as visits, avg(score) as mean_score, sum(pages)::bigint as pages
from dbt_pr_42.stg_web_sessions
group by 1, 2
order by 1, 2;

create view dbt_pr_42.target_switch as
select channel, count(*) as visits
from dbt_pr_42.stg_web_sessions
group by channel;

create table dbt_pr_42.customer_contacts as
select distinct c.customer_id, c.full_name, c.email, date_trunc('month', s.started_at) as last_seen_at
from dbt_pr_42.dim_customers as c
left join dbt_pr_42.stg_web_sessions as s using (customer_id)
where c.opted_in and c.email is not null
order by 1, 4;

create table dbt_pr_42.customer_scores_v1 as
select customer_id, sum(net_amount)::decimal(18,2) as score
from dbt_pr_42_finance.fct_orders
group by customer_id
order by customer_id;

create table dbt_pr_42.customer_scores_v2 as
select customer_id, sum(net_amount)::decimal(18,2) as score, sum(net_amount) > 450 as is_vip
from dbt_pr_42_finance.fct_orders
where status <> 'cancelled'
group by customer_id
order by customer_id;

-- Snapshot.
create table dbt_pr_42.customers_history as
select
    customer_id,
    full_name,
    email,
    country_code,
    joined_on,
    opted_in,
    md5(customer_id || '|2026-11-20 20:46:05') as dbt_scd_id,
    timestamp '2026-11-20 20:46:05' as dbt_updated_at,
    timestamp '2026-11-20 20:46:05' as dbt_valid_from,
    null::timestamp as dbt_valid_to
from dbt_pr_42.stg_customers
order by customer_id;
