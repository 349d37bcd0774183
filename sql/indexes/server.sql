-- What decides if concurrent work is possible at all, and where the server keeps its data.
-- `data_directory` and `own_folder_time` are null where the role may not know them. `system_id` tells
-- one cluster from another at the same address.
-- Returns one row.
select
  pg_catalog.current_setting('server_version') as version,
  pg_catalog.current_setting('server_version_num')::int as version_number,
  pg_catalog.current_database()::text as database,
  d.oid::int8::text as database_id,
  pg_catalog.current_user()::text as role,
  pg_catalog.pg_is_in_recovery() as is_standby,
  (select r.sender_host || ':' || r.sender_port from pg_catalog.pg_stat_wal_receiver as r limit 1) as primary_address,
  (select s.setting from pg_catalog.pg_settings as s where s.name = 'data_directory') as data_directory,
  pg_catalog.pg_has_role('pg_monitor', 'member') as may_monitor,
  pg_catalog.has_function_privilege('pg_catalog.pg_stat_file(text)', 'execute') as may_read_files,
  pg_catalog.has_database_privilege(d.oid, 'temporary') as may_make_temporary
from pg_catalog.pg_database as d
where d.datname = pg_catalog.current_database();
