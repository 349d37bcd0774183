-- Counters of the indexes of some schemas on this server, by name too, so that another server's can be matched.
-- Statistics live on each server by itself: a replica's scans are not in the primary's counters. Partitioned
-- indexes have none, their parts do. Nothing here takes a lock.
-- Returns a row an index; `last_scan` is null before PostgreSQL 16, and where it was never used.
-- $1 text[]: schema names
select
  s.indexrelid::int8 as id,
  s.schemaname as schema,
  s.indexrelname as name,
  s.idx_scan::float8 as scans,
  s.idx_tup_read::float8 as tuples_read,
  s.idx_tup_fetch::float8 as tuples_fetched,
  (pg_catalog.to_jsonb(s) ->> 'last_idx_scan')::timestamptz as last_scan
from pg_catalog.pg_stat_all_indexes as s
where s.schemaname = any ($1::text[])
order by s.schemaname, s.relname, s.indexrelname;
