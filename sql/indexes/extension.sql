-- An extension, where it is created: its schema.
-- Returns one row, or none.
-- $1 text: its name
select e.extname as name, n.nspname as schema
from pg_catalog.pg_extension as e
join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
where e.extname = $1::text;
