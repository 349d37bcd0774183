-- The indexes of a table, with what each is attached to.
-- Returns a row each.
-- $1 int8: the table
select
  i.oid::int8 as id,
  n.nspname::text as schema,
  i.relname::text as name,
  x.indisvalid as is_valid,
  x.indisunique as is_unique,
  pg_catalog.pg_get_indexdef(x.indexrelid) as definition,
  (select h.inhparent::int8 from pg_catalog.pg_inherits as h where h.inhrelid = i.oid limit 1) as attached_to
from pg_catalog.pg_index as x
join pg_catalog.pg_class as i on i.oid = x.indexrelid
join pg_catalog.pg_namespace as n on n.oid = i.relnamespace
where x.indrelid = $1::int8::oid
order by n.nspname, i.relname;
