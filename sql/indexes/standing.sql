-- What stands under a name that an index is to have: an index of any table of the schema, or another relation.
-- `built_by` is the server process that builds it right now; where the role may not see what another's build
-- works on (pg_read_all_stats), the lock on its table tells.
-- Returns a row where the name is taken.
-- $1 text: schema, $2 text: name
select
  i.oid::int8 as id,
  i.relkind as kind,
  c.oid::int8 as table_id,
  tn.nspname::text as table_schema,
  c.relname::text as table_name,
  coalesce(x.indisvalid, false) as is_valid,
  coalesce(x.indisready and x.indislive, false) as is_ready,
  coalesce(x.indisunique, false) as is_unique,
  coalesce(x.indcheckxmin, false) as waits_for_snapshots,
  coalesce(x.indisreplident, false) as is_replica_identity,
  case when x.indexrelid is not null then pg_catalog.pg_get_indexdef(x.indexrelid) end as definition,
  pg_catalog.pg_relation_size(i.oid)::int8 as bytes,
  (
    select pg_catalog.string_agg(pg_catalog.format('%I', k.conname), ', ' order by k.conname)
    from pg_catalog.pg_constraint as k where k.conindid = x.indexrelid
  ) as constraints,
  (
    select pg_catalog.format('%I.%I', pn.nspname, pi.relname)
    from pg_catalog.pg_inherits as h
    join pg_catalog.pg_class as pi on pi.oid = h.inhparent
    join pg_catalog.pg_namespace as pn on pn.oid = pi.relnamespace
    where h.inhrelid = i.oid
    limit 1
  ) as attached_to,
  case when not x.indisvalid then (
    select p.pid
    from pg_catalog.pg_stat_progress_create_index as p
    join pg_catalog.pg_database as here on here.oid = p.datid and here.datname = pg_catalog.current_database()
    where p.pid <> pg_catalog.pg_backend_pid()
      and (
        p.index_relid = x.indexrelid
        or (
          p.index_relid is null
          and exists (
            select from pg_catalog.pg_locks as l
            where l.pid = p.pid and l.relation = x.indrelid and l.database = here.oid
              and l.mode = 'ShareUpdateExclusiveLock' and l.granted
          )
        )
      )
    limit 1
  ) end as built_by
from pg_catalog.pg_class as i
join pg_catalog.pg_namespace as n on n.oid = i.relnamespace
left join pg_catalog.pg_index as x on x.indexrelid = i.oid
left join pg_catalog.pg_class as c on c.oid = x.indrelid
left join pg_catalog.pg_namespace as tn on tn.oid = c.relnamespace
where n.nspname = $1 and i.relname = $2;
