-- Indexes of a name, given bare or with its schema, outside the system's own schemas.
-- Returns a row each.
-- $1 text: the name
select n.nspname::text as schema, i.relname::text as name
from pg_catalog.pg_class as i
join pg_catalog.pg_namespace as n on n.oid = i.relnamespace
where i.relkind in ('i', 'I')
  and (i.relname = $1 or n.nspname || '.' || i.relname = $1)
  and n.nspname !~ '^pg_(catalog|toast|temp)' and n.nspname <> 'information_schema'
order by n.nspname, i.relname;
