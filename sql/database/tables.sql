-- Tables and views of some schemas, with their size as the planner knows it and what the role may read.
-- Returns a row a relation, partitions included, wherever those are. Tables that belong to an extension are
-- left out. Nothing here takes a lock (pg_relation_size would), so a migration in progress does not stop it.
-- $1 text[]: schema names
with recursive listed as (
  select c.oid
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = any ($1::text[]) and c.relkind in ('r', 'p', 'v', 'm', 'f')
  union
  select i.inhrelid
  from listed as l
  join pg_catalog.pg_inherits as i on i.inhparent = l.oid
  join pg_catalog.pg_class as c on c.oid = i.inhrelid and c.relispartition
)
select
  c.oid::int8 as id,
  n.nspname as schema,
  c.relname as name,
  c.relkind as kind,
  c.relispartition as is_partition,
  case when c.relispartition then (select i.inhparent::int8 from pg_catalog.pg_inherits as i where i.inhrelid = c.oid limit 1) end as parent_id,
  c.relkind = 'r' and exists (select from pg_catalog.pg_inherits as h where h.inhparent = c.oid) as has_heirs,
  c.reltuples::float8 as estimated_rows,
  c.relpages::float8 as pages,
  c.relallvisible::float8 as visible_pages,
  c.relrowsecurity as has_row_security,
  c.relforcerowsecurity as forces_row_security,
  pg_catalog.pg_has_role(c.relowner, 'usage') as is_owned,
  pg_catalog.has_schema_privilege(n.oid, 'usage') as may_use_schema,
  pg_catalog.has_table_privilege(c.oid, 'select') as may_select,
  (select pg_catalog.array_agg(con.conname::text) from pg_catalog.pg_constraint as con where con.conrelid = c.oid) as constraint_names
from listed
join pg_catalog.pg_class as c on c.oid = listed.oid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where not exists (
    select from pg_catalog.pg_depend as d
    where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  )
order by n.nspname, c.relname;
