-- What a concurrent build on some tables would wait for if it started now: transactions that hold a lock on
-- them that conflicts, prepared ones too; transactions of this database with a snapshot, whatever they read;
-- the vacuum of such a table. Standbys and replication slots with an old xmin block no build, but hold vacuum back.
-- Returns a row each, the oldest first.
-- $1 int8[]: the tables
with here as (
  select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database()
),
held as (
  select l.pid, l.virtualtransaction, pg_catalog.min(c.relname::text) as relation
  from pg_catalog.pg_locks as l
  join here on here.oid = l.database
  join pg_catalog.pg_class as c on c.oid = l.relation
  where l.relation = any ($1::int8[]::oid[]) and l.granted
    and l.mode not in ('AccessShareLock', 'RowShareLock')
    and l.pid is distinct from pg_catalog.pg_backend_pid()
  group by 1, 2
)
select
  case when a.backend_type = 'autovacuum worker' then 'vacuum' when h.pid is not null then 'lock' else 'snapshot' end as kind,
  a.pid,
  a.application_name as application,
  a.usename::text as role,
  a.state,
  extract(epoch from pg_catalog.clock_timestamp() - coalesce(a.xact_start, a.query_start))::float8 as seconds,
  h.relation,
  pg_catalog.left(pg_catalog.regexp_replace(a.query, '\s+', ' ', 'g'), 200) as query
from pg_catalog.pg_stat_activity as a
join here on here.oid = a.datid
left join held as h on h.pid = a.pid
where a.pid <> pg_catalog.pg_backend_pid()
  and (h.pid is not null or a.backend_xmin is not null)
  and (a.backend_type <> 'autovacuum worker' or h.pid is not null)
union all
select 'prepared', null, null, p.owner::text, 'prepared',
  extract(epoch from pg_catalog.clock_timestamp() - p.prepared)::float8, h.relation, p.gid
from pg_catalog.pg_prepared_xacts as p
join pg_catalog.pg_locks as own
  on own.locktype = 'transactionid' and own.transactionid = p.transaction and own.pid is null
join held as h on h.pid is null and h.virtualtransaction = own.virtualtransaction
where p.database = pg_catalog.current_database()
union all
select 'standby', r.pid, r.application_name, r.usename::text, r.state, null, null, null
from pg_catalog.pg_stat_replication as r
where r.backend_xmin is not null
union all
select 'slot', s.active_pid, s.slot_name::text, null,
  case when s.active then 'active' else 'inactive' end, null, null, null
from pg_catalog.pg_replication_slots as s
where s.xmin is not null or not s.active
order by seconds desc nulls last, kind, pid;
