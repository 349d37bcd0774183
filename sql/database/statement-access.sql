-- How pg_stat_statements can be read here: where it is created, with which columns, and what this role may
-- see. `preloaded_libraries` is null where the role may not see that setting; `track` is null where the library is
-- not preloaded; `columns` is null where the extension is not created in this database.
-- Returns one row. No parameters.
select
  current_user as role,
  pg_catalog.current_database() as database,
  x.extversion as extension_version,
  n.nspname as schema,
  coalesce(pg_catalog.has_schema_privilege(n.oid, 'usage'), false) as may_use_schema,
  (
    select pg_catalog.array_agg(a.attname::text)
    from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = n.oid and c.relname = 'pg_stat_statements'
  ) as columns,
  exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace = n.oid and c.relname = 'pg_stat_statements_info'
  ) as has_info,
  pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage') as reads_all,
  exists (select from pg_catalog.pg_available_extensions as a where a.name = 'pg_stat_statements') as is_available,
  exists (select from pg_catalog.pg_settings as s where s.name = 'pg_stat_statements.max') as is_preloaded,
  (select s.setting from pg_catalog.pg_settings as s where s.name = 'shared_preload_libraries') as preloaded_libraries,
  (select s.setting from pg_catalog.pg_settings as s where s.name = 'pg_stat_statements.track') as track,
  (select s.setting from pg_catalog.pg_settings as s where s.name = 'compute_query_id') as query_ids
from (select) as one
left join pg_catalog.pg_extension as x on x.extname = 'pg_stat_statements'
left join pg_catalog.pg_namespace as n on n.oid = x.extnamespace;
