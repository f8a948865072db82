-- edge cases: small tables to probe semantics of the peers
drop schema if exists ea cascade; drop schema if exists eb cascade; create schema ea; create schema eb;
-- all types, one row each kind of difference
create table ea.types(id int primary key, b bool, u uuid, r real, d double precision, n numeric, n2 numeric(12,2), t text, v varchar(20), j json, jb jsonb, arr int[], dt date, ti time, ts timestamp, ts3 timestamp(3), tz timestamptz, by bytea, iv interval);
create table eb.types(like ea.types including all);
insert into ea.types values (1,true,'11111111-1111-1111-1111-111111111111',0.1,0.1,1.10,1.10,'a','a','{"a":1,"b":2}','{"a":1,"b":2}','{1,2}','2024-01-01','10:00:00','2024-01-01 10:00:00.123456','2024-01-01 10:00:00.123','2024-01-01 10:00:00+02','\x00','1 day');
insert into eb.types values (1,true,'11111111-1111-1111-1111-111111111111',0.1,0.1,1.1000,1.10,'a','a','{"b":2, "a":1}','{"b":2,"a":1}','{1,2}','2024-01-01','10:00:00','2024-01-01 10:00:00.123456','2024-01-01 10:00:00.123','2024-01-01 08:00:00+00','\x00','24:00:00');
-- float noise
create table ea.flt(id int primary key, d double precision, r real); create table eb.flt(like ea.flt including all);
insert into ea.flt values (1,0.3,0.3),(2,'NaN','NaN'),(3,0,0),(4,1e20,1e20),(5,1.0,1.0); insert into eb.flt values (1,0.1::float8+0.2::float8,0.3),(2,'NaN','NaN'),(3,'-0',0),(4,1e20,1e20),(5,1.0+1e-15,1.0);
-- null keys
create table ea.nullkey(id int, v text); create table eb.nullkey(id int, v text);
insert into ea.nullkey values (1,'a'),(null,'x'),(2,'b'); insert into eb.nullkey values (1,'a'),(null,'y'),(2,'c');
-- duplicate keys
create table ea.dup(id int, v text); create table eb.dup(id int, v text);
insert into ea.dup values (1,'a'),(1,'a'),(2,'b'),(3,'c'); insert into eb.dup values (1,'a'),(2,'b'),(2,'bb'),(3,'d');
-- composite key whose concatenation collides
create table ea.comp(k1 int, k2 int, v text); create table eb.comp(k1 int, k2 int, v text);
insert into ea.comp values (1,11,'a'),(11,1,'b'); insert into eb.comp values (1,11,'a'),(11,1,'B');
-- text key, timestamp key, uuid key
create table ea.tkey(id text primary key, v int); create table eb.tkey(like ea.tkey including all);
insert into ea.tkey select 'k-'||i||'/é', i from generate_series(1,50) i; insert into eb.tkey select 'k-'||i||'/é', i+(i=7)::int from generate_series(1,50) i;
create table ea.tskey(id timestamp primary key, v int); create table eb.tskey(like ea.tskey including all);
insert into ea.tskey select '2024-01-01'::timestamp+i*interval '1 hour', i from generate_series(1,50) i; insert into eb.tskey select '2024-01-01'::timestamp+i*interval '1 hour', i+(i=7)::int from generate_series(1,50) i;
-- empty vs non-empty
create table ea.empt(id int primary key, v int); create table eb.empt(like ea.empt including all); insert into eb.empt values (1,1);
-- schema change: column added, removed, type changed
create table ea.sch(id int primary key, a int, gone text, ty int); create table eb.sch(id int primary key, a int, fresh text, ty bigint);
insert into ea.sch values (1,1,'x',5),(2,2,'x',6); insert into eb.sch values (1,1,'y',5),(2,3,'y',6);
-- FK column seen as unique by data-diff (key_column_usage)
create table ea.parent(id int primary key); insert into ea.parent values (1),(2);
create table ea.fk(pid int references ea.parent(id), v text); create table eb.fk(pid int references ea.parent(id), v text);
insert into ea.fk values (1,'a'),(1,'b'),(2,'c'); insert into eb.fk values (1,'a'),(1,'b'),(2,'d');
-- text with '|' and '<null>' : data-diff checksum collisions
create table ea.pipe(id int primary key, a text, b text); create table eb.pipe(like ea.pipe including all);
insert into ea.pipe values (1,'x|y','z'),(2,'<null>','q'); insert into eb.pipe values (1,'x','y|z'),(2,null,'q');
insert into ea.pipe select i,'s','t' from generate_series(3,40) i; insert into eb.pipe select i,'s','t' from generate_series(3,40) i;

create table if not exists ea.num(id int primary key, n numeric); create table if not exists eb.num(id int primary key, n numeric); truncate ea.num,eb.num;
insert into ea.num select i, 1.10 from generate_series(1,10) i; insert into eb.num select i, case when i=3 then 1.40 else 1.10 end from generate_series(1,10) i;
create table if not exists ea.nul(id int primary key, a text); create table if not exists eb.nul(id int primary key, a text); truncate ea.nul,eb.nul;
insert into ea.nul select i, case when i=3 then '<null>' else 'v' end from generate_series(1,10) i; insert into eb.nul select i, case when i=3 then null else 'v' end from generate_series(1,10) i;
create table if not exists ea.dup2(id int, a text); create table if not exists eb.dup2(id int, a text); truncate ea.dup2,eb.dup2;
-- same multiset checksum? rows (1,a),(2,b) vs (1,b),(2,a): sums of md5 differ, ok.  identical duplicate count change:
insert into ea.dup2 values (1,'a'),(2,'b'),(2,'b'); insert into eb.dup2 values (1,'a'),(2,'b');
