-- Size of one table with its partitions, or with the tables that inherit from it: heap, TOAST and indexes. It
-- waits for a lock only where reading the table would wait too.
-- Returns one row: bytes of all, pages of the heaps.
-- $1 int8: the table
with recursive parts as (
  select $1::int8::oid as oid
  union
  select i.inhrelid from parts as p join pg_catalog.pg_inherits as i on i.inhparent = p.oid
)
select
  coalesce(sum(pg_catalog.pg_total_relation_size(p.oid)), 0)::float8 as bytes,
  coalesce(sum(pg_catalog.pg_relation_size(p.oid)), 0)::float8 / pg_catalog.current_setting('block_size')::int4 as pages
from parts as p
join pg_catalog.pg_class as c on c.oid = p.oid and c.relkind in ('r', 'p', 'm');
