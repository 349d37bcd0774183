-- Columns of the tables and views of some schemas, with the number of distinct values as last analysed.
-- `not_null` is false for a NOT NULL constraint that was never validated (PostgreSQL 18).
-- Returns a row a column.
-- $1 text[]: schema names
select
  c.oid::int8 as table_id,
  a.attname as name,
  a.attnum::int as position,
  pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
  coalesce(base.typname, t.typname) as base_type,
  t.typtype = 'e' as is_enum,
  a.attnotnull and not exists (
    select from pg_catalog.pg_constraint as con
    where con.conrelid = c.oid and con.contype = 'n' and con.conkey[1] = a.attnum and not con.convalidated
  ) as not_null,
  s.n_distinct::float8 as distinct_values,
  pg_catalog.has_column_privilege(c.oid, a.attnum, 'select') as may_select
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_catalog.pg_type as t on t.oid = a.atttypid
left join pg_catalog.pg_type as base on base.oid = t.typbasetype
left join lateral (
  select st.n_distinct
  from pg_catalog.pg_stats as st
  where st.schemaname = n.nspname and st.tablename = c.relname and st.attname = a.attname
  order by st.inherited = (c.relkind = 'p') desc
  limit 1
) as s on true
where n.nspname = any ($1::text[])
  and c.relkind in ('r', 'p', 'v', 'm', 'f')
order by n.nspname, c.relname, a.attnum;
