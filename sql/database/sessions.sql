-- Clients' connections to this database but our own, with what each does and what it waits for. Of another
-- role's the server shows the application's name only, unless this role has pg_read_all_stats: then state is null.
-- Times are in seconds. `blocked_by` holds 0 for a prepared transaction.
-- Returns a row a connection. No parameters.
select
  a.pid,
  a.usename::text as role,
  coalesce(a.application_name, '') as application,
  a.state,
  a.query as text,
  extract(epoch from pg_catalog.clock_timestamp() - a.backend_start)::float8 as backend_seconds,
  extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)::float8 as transaction_seconds,
  extract(epoch from pg_catalog.clock_timestamp() - a.query_start)::float8 as statement_seconds,
  extract(epoch from pg_catalog.clock_timestamp() - a.state_change)::float8 as state_seconds,
  a.wait_event_type as wait_type,
  a.wait_event as wait_name,
  case when a.wait_event_type = 'Lock' then pg_catalog.pg_blocking_pids(a.pid) else array[]::int4[] end as blocked_by
from pg_catalog.pg_stat_activity as a
where a.datid = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
  and a.usesysid is not null
  and coalesce(a.backend_type, 'client backend') = 'client backend'
  and a.pid <> pg_catalog.pg_backend_pid()
order by a.pid;
