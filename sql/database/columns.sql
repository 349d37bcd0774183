-- Columns of some tables and views, with the number of distinct values as last analysed. Of a domain, the
-- base type, through domains over domains, and its NOT NULL.
-- `not_null` is false for a NOT NULL constraint that was never validated (PostgreSQL 18).
-- Returns a row a column.
-- $1 int8[]: the tables
select
  c.oid::int8 as table_id,
  a.attname as name,
  pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
  coalesce(base.typname, t.typname::text) as base_type,
  coalesce(base.typtype, t.typtype::text) = 'e' as is_enum,
  coalesce(base.not_null, false) or a.attnotnull and not exists (
    select from pg_catalog.pg_constraint as con
    where con.conrelid = c.oid and con.contype = 'n' and con.conkey[1] = a.attnum and not con.convalidated
  ) as not_null,
  (
    select pg_catalog.format('%I.%I', cn.nspname, co.collname)
    from pg_catalog.pg_collation as co
    join pg_catalog.pg_namespace as cn on cn.oid = co.collnamespace
    where co.oid = a.attcollation and a.attcollation <> t.typcollation
  ) as collation,
  s.n_distinct::float8 as distinct_values,
  pg_catalog.has_column_privilege(c.oid, a.attnum, 'select') as may_select
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_catalog.pg_type as t on t.oid = a.atttypid
left join lateral (
  with recursive layers as (
    select t.oid, t.typbasetype, t.typname, t.typtype, t.typnotnull
    union all
    select b.oid, b.typbasetype, b.typname, b.typtype, b.typnotnull
    from layers as y
    join pg_catalog.pg_type as b on b.oid = y.typbasetype
  )
  select
    max(y.typname::text) filter (where y.typbasetype = 0) as typname,
    max(y.typtype::text) filter (where y.typbasetype = 0) as typtype,
    bool_or(y.typnotnull) as not_null
  from layers as y
) as base on t.typtype = 'd'
left join lateral (
  select st.n_distinct
  from pg_catalog.pg_stats as st
  where st.schemaname = n.nspname and st.tablename = c.relname and st.attname = a.attname
  order by st.inherited = (c.relkind = 'p') desc
  limit 1
) as s on true
where c.oid = any ($1::int8[]::oid[])
order by n.nspname, c.relname, a.attnum;
