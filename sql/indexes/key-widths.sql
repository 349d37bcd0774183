-- Average width of what the indexes of some tables hold, as last analysed: of columns, and of the expressions
-- that are indexed (those stand under the index's own name). Only what the role may read.
-- Returns a row a column of a table or of an index.
-- $1 int8[]: tables and indexes
select
  c.oid::int8 as id,
  a.attname as name,
  a.attnum::int4 as position,
  s.avg_width::float8 as width,
  s.null_frac::float8 as null_share
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_stats as s on s.schemaname = n.nspname and s.tablename = c.relname
join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attname = s.attname
where c.oid = any ($1::int8[]::oid[]) and (s.inherited = (c.relkind = 'p'))
order by c.oid, a.attnum;
