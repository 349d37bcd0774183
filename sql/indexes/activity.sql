-- Rows that were deleted from some tables since their statistics were reset, and their size as last counted;
-- partitions by themselves. Nothing here takes a lock.
-- Returns a row a table.
-- $1 int8[]: the tables
select
  s.relid::int8 as id,
  s.n_tup_del::float8 as deleted,
  c.relpages::float8 * pg_catalog.current_setting('block_size')::int4 as bytes
from pg_catalog.pg_stat_all_tables as s
join pg_catalog.pg_class as c on c.oid = s.relid
where s.relid = any ($1::int8[]::oid[])
order by s.relid;
