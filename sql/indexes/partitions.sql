-- A partitioned table and all below it, the upper ones first, each with the index of it that belongs to a given
-- index of the root: attached, at its level.
-- Returns a row each.
-- $1 int8: the root
with recursive tree as (
  select $1::int8::oid as id, null::oid as parent, 0 as depth
  union all
  select h.inhrelid, h.inhparent, t.depth + 1
  from tree as t
  join pg_catalog.pg_inherits as h on h.inhparent = t.id
)
select
  t.id::int8 as id,
  t.parent::int8 as parent_id,
  t.depth,
  n.nspname::text as schema,
  c.relname::text as name,
  c.relkind as kind,
  c.reltuples::float8 as rows,
  pg_catalog.pg_relation_size(c.oid)::int8 as bytes
from tree as t
join pg_catalog.pg_class as c on c.oid = t.id
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
order by t.depth, n.nspname, c.relname;
