-- What the indexes of some tables are, as far as that needs no lock: shape, and what depends on them.
-- Two indexes with the same `operators`, `collations` and `options` per key, in the same order, sort and
-- compare alike. `keys` holds attribute numbers, 0 for an expression.
-- `parent_id` is the partitioned index that it is a part of, null where it is none.
-- `constraint_name` is the constraint that it enforces, `referenced_by` the foreign keys that rely on it.
-- `rows` is -1 where it was never vacuumed, analysed or built in this version; `creation_age` is its age in
-- transactions at most.
-- Returns a row an index.
-- $1 int8[]: the tables
select
  x.indexrelid::int8 as id,
  x.indrelid::int8 as table_id,
  i.relname as name,
  case when i.relispartition then (
    select h.inhparent::int8 from pg_catalog.pg_inherits as h where h.inhrelid = i.oid limit 1
  ) end as parent_id,
  n.nspname as schema,
  x.indkey::int2[] as keys,
  x.indnkeyatts::int4 as key_count,
  x.indclass::oid[]::int8[] as operators,
  x.indcollation::oid[]::int8[] as collations,
  x.indoption::int2[] as options,
  (
    select pg_catalog.array_agg(coalesce(a.attoptions::text, '') order by a.attnum)
    from pg_catalog.pg_attribute as a
    where a.attrelid = x.indexrelid and a.attnum > 0
  ) as parameters,
  x.indimmediate as is_immediate,
  coalesce((pg_catalog.to_jsonb(x) ->> 'indnullsnotdistinct')::boolean, false) as nulls_not_distinct,
  x.indisreplident as is_replica_identity,
  x.indisclustered as is_clustered,
  (
    select con.conname::text from pg_catalog.pg_constraint as con
    where con.conindid = i.oid and con.contype in ('p', 'u', 'x') limit 1
  ) as constraint_name,
  (
    select pg_catalog.array_agg(distinct pg_catalog.format('%s.%s', r.relname, con.conname))
    from pg_catalog.pg_constraint as con
    join pg_catalog.pg_class as r on r.oid = con.conrelid
    where con.conindid = i.oid and con.contype = 'f' and con.conparentid = 0
  ) as referenced_by,
  i.relpages::float8 * pg_catalog.current_setting('block_size')::int4 as estimated_bytes,
  i.reltuples::float8 as rows,
  (
    select pg_catalog.substring(o.option, '^fillfactor=(\d+)$')::int4
    from pg_catalog.unnest(i.reloptions) as o (option)
    where o.option like 'fillfactor=%'
  ) as fill_factor,
  case when x.xmin::text::int8 >= 3 then pg_catalog.age(x.xmin) end as creation_age
from pg_catalog.pg_index as x
join pg_catalog.pg_class as i on i.oid = x.indexrelid
join pg_catalog.pg_namespace as n on n.oid = i.relnamespace
where x.indrelid = any ($1::int8[]::oid[])
order by n.nspname, i.relname;
