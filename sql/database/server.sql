-- The server and the role that looks: version, place, rights, and index builds that would have to wait for
-- our snapshot.
-- Returns one row. No parameters.
select
  pg_catalog.current_setting('server_version') as version,
  pg_catalog.current_setting('server_version_num')::int as version_number,
  pg_catalog.current_database() as database,
  current_user as role,
  pg_catalog.pg_is_in_recovery() as is_standby,
  (select r.rolsuper or r.rolbypassrls from pg_catalog.pg_roles as r where r.rolname = current_user) as bypasses_rls,
  (
    select count(*)::int from pg_catalog.pg_stat_progress_create_index as p where p.datid = (
      select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database()
    )
  ) as index_builds;
