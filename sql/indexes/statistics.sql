-- Whose counters these are and since when they count: the cluster, this server of it, the last reset.
-- A crash and a new standby start from nothing too; `pg_stat_bgwriter` says when that was.
-- `standbys` are servers that stream from this one; what a role may not see of them counts as one.
-- Returns one row. No parameters.
select
  pg_catalog.current_database() as database,
  pg_catalog.pg_is_in_recovery() as is_standby,
  coalesce(pg_catalog.host(pg_catalog.inet_server_addr()) || ':', 'socket:') || pg_catalog.current_setting('port') as node,
  pg_catalog.pg_postmaster_start_time() as started_at,
  greatest(d.stats_reset, b.stats_reset) as counted_since,
  pg_catalog.clock_timestamp() as read_at,
  pg_catalog.current_setting('track_counts')::boolean as counts,
  pg_catalog.current_setting('track_commit_timestamp')::boolean as tracks_commits,
  (
    select count(*)::int
    from pg_catalog.pg_stat_replication as r
    where (r.state is null or r.state in ('streaming', 'catchup'))
      and (r.state is null or r.replay_lsn is not null)
      and not exists (
        select from pg_catalog.pg_replication_slots as l where l.active_pid = r.pid and l.slot_type = 'logical'
      )
  ) as standbys
from pg_catalog.pg_stat_bgwriter as b
left join pg_catalog.pg_stat_database as d on d.datname = pg_catalog.current_database();
