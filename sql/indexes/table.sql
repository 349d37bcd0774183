-- A table that is to get an index, with its size. A partition's root is the uppermost partitioned table.
-- Returns a row where it exists.
-- $1 text: schema, $2 text: name
select
  c.oid::int8 as id,
  c.relkind as kind,
  c.reltuples::float8 as rows,
  pg_catalog.pg_relation_size(c.oid)::int8 as bytes,
  coalesce(
    case when c.relispartition then pg_catalog.pg_partition_root(c.oid)::oid end,
    c.oid
  )::int8 as root_id
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2;
