-- Where this server's log stands, how far each replica has replayed it, and what slots keep back. Columns of a
-- replica are null to a role without pg_monitor.
-- Returns one row.
select
  pg_catalog.pg_current_wal_lsn()::text as lsn,
  pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::float8 as wal_bytes,
  (
    select pg_catalog.json_agg(
      pg_catalog.json_build_object(
        'name', r.application_name,
        'replayed', pg_catalog.pg_wal_lsn_diff(r.replay_lsn, '0/0'),
        'seconds', extract(epoch from r.replay_lag)
      ) order by r.application_name, r.pid
    )
    from pg_catalog.pg_stat_replication as r
    where r.state is distinct from 'backup'
  ) as replicas;
