-- Indexes of some tables: keys, validity, predicate. An index that a CREATE INDEX
-- CONCURRENTLY is building right now is not valid either: `is_being_built` tells the two apart, by the lock
-- on its table where the role may not see what another's build works on (pg_read_all_stats).
-- Nothing here takes a lock (pg_get_indexdef would), so a migration in progress does not stop it.
-- Returns a row an index. `compares_as_column` is about its first column. `key_columns` and `included_columns` hold null for an expression.
-- $1 int8[]: the tables
select
  x.indexrelid::int8 as id,
  x.indrelid::int8 as table_id,
  i.relname as name,
  n.nspname as schema,
  am.amname as method,
  x.indisprimary as is_primary,
  x.indisunique as is_unique,
  x.indisvalid as is_valid,
  x.indisready and x.indislive as is_ready,
  case when i.relispartition then (
    select pg_catalog.format('%I.%I', pn.nspname, pi.relname)
    from pg_catalog.pg_inherits as h
    join pg_catalog.pg_class as pi on pi.oid = h.inhparent
    join pg_catalog.pg_namespace as pn on pn.oid = pi.relnamespace
    where h.inhrelid = i.oid
    limit 1
  ) end as part_of,
  (
    select pg_catalog.array_agg(a.attname::text order by k.position)
    from pg_catalog.unnest(x.indkey::int2[]) with ordinality as k (attnum, position)
    left join pg_catalog.pg_attribute as a on a.attrelid = x.indrelid and a.attnum = k.attnum
    where k.position <= x.indnkeyatts
  ) as key_columns,
  (
    select pg_catalog.array_agg(a.attname::text order by k.position)
    from pg_catalog.unnest(x.indkey::int2[]) with ordinality as k (attnum, position)
    left join pg_catalog.pg_attribute as a on a.attrelid = x.indrelid and a.attnum = k.attnum
    where k.position > x.indnkeyatts
  ) as included_columns,
  -- A comparison in another collation than the column's can't use it.
  not exists (
    select from pg_catalog.pg_attribute as a
    where a.attrelid = x.indrelid and a.attnum = x.indkey[0] and a.attcollation <> x.indcollation[0]
  ) as compares_as_column,
  -- Rows come as `order by` its columns wants them, forwards or backwards.
  not exists (
    select
    from rows from (
      pg_catalog.unnest(x.indkey::int2[]),
      pg_catalog.unnest(x.indclass::oid[]),
      pg_catalog.unnest(x.indcollation::oid[]),
      pg_catalog.unnest(x.indoption::int2[])
    ) as k (attnum, operators, ordering, direction)
    left join pg_catalog.pg_opclass as o on o.oid = k.operators
    left join pg_catalog.pg_attribute as a on a.attrelid = x.indrelid and a.attnum = k.attnum
    where k.operators is not null
      and (not o.opcdefault or a.attcollation <> k.ordering or k.direction <> x.indoption[0] or k.direction not in (0, 3))
  ) as is_in_order,
  x.indpred is not null as is_partial,
  not x.indisvalid and exists (
    select
    from pg_catalog.pg_stat_progress_create_index as p
    join pg_catalog.pg_database as here on here.oid = p.datid and here.datname = pg_catalog.current_database()
    where p.index_relid = x.indexrelid
      or (
        p.index_relid is null
        and exists (
          select from pg_catalog.pg_locks as l
          where l.pid = p.pid and l.relation = x.indrelid and l.database = here.oid
            and l.mode = 'ShareUpdateExclusiveLock' and l.granted
        )
      )
  ) as is_being_built
from pg_catalog.pg_index as x
join pg_catalog.pg_class as i on i.oid = x.indexrelid
join pg_catalog.pg_am as am on am.oid = i.relam
join pg_catalog.pg_class as c on c.oid = x.indrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where c.oid = any ($1::int8[]::oid[])
order by n.nspname, c.relname, i.relname;
