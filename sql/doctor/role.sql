-- What the role may do, and what the server collects of its statements. `preloaded_libraries` is null where
-- the role may not see that setting; the extension's own settings exist only where it is preloaded.
-- Returns one row.
-- $1 text[]: names of the schemas that the application uses
select
  current_user as role,
  pg_catalog.current_setting('server_version') as version,
  pg_catalog.pg_is_in_recovery() as is_standby,
  r.rolsuper as is_superuser,
  r.rolsuper or r.rolbypassrls as bypasses_rls,
  pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage') as reads_all_statistics,
  array(
    select n.nspname::text from pg_catalog.pg_namespace as n
    where n.nspname = any ($1::text[]) and not pg_catalog.has_schema_privilege(n.oid, 'usage')
    order by 1
  ) as schemas_without_usage,
  array(
    select c.oid::int8::text
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = any ($1::text[])
      and c.relrowsecurity
      and (c.relforcerowsecurity or not pg_catalog.pg_has_role(c.relowner, 'usage'))
    order by c.oid
  ) as filtered_tables,
  (select x.extversion from pg_catalog.pg_extension as x where x.extname = 'pg_stat_statements') as extension_version,
  exists (select from pg_catalog.pg_available_extensions as a where a.name = 'pg_stat_statements') as is_available,
  exists (select from pg_catalog.pg_settings as s where s.name = 'pg_stat_statements.max') as is_preloaded,
  (select s.setting from pg_catalog.pg_settings as s where s.name = 'shared_preload_libraries') as preloaded_libraries
from pg_catalog.pg_roles as r
where r.rolname = current_user;
