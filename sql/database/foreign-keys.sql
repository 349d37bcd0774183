-- Foreign keys of some tables. `has_disabled_triggers` where they are switched off (ALTER TABLE … DISABLE
-- TRIGGER ALL), on a partition too; `is_declared_enforced` is false for NOT ENFORCED (PostgreSQL 18).
-- Returns a row a foreign key; those that partitions inherit are left out.
-- $1 int8[]: the tables
select
  con.conname as name,
  con.conrelid::int8 as table_id,
  con.confrelid::int8 as target_id,
  tn.nspname as target_schema,
  t.relname as target_table,
  (
    select pg_catalog.array_agg(a.attname::text order by k.position)
    from pg_catalog.unnest(con.conkey) with ordinality as k (attnum, position)
    join pg_catalog.pg_attribute as a on a.attrelid = con.conrelid and a.attnum = k.attnum
  ) as columns,
  (
    select pg_catalog.array_agg(a.attname::text order by k.position)
    from pg_catalog.unnest(con.confkey) with ordinality as k (attnum, position)
    join pg_catalog.pg_attribute as a on a.attrelid = con.confrelid and a.attnum = k.attnum
  ) as target_columns,
  con.confdeltype as on_delete,
  con.confupdtype as on_update,
  con.convalidated as is_validated,
  con.confmatchtype = 'f' as is_match_full,
  con.condeferrable as is_deferrable,
  con.condeferred as is_deferred,
  (
    select pg_catalog.array_agg(a.attname::text order by a.attnum)
    from pg_catalog.pg_attribute as a
    where a.attrelid = con.conrelid and pg_catalog.to_jsonb(con) -> 'confdelsetcols' @> pg_catalog.to_jsonb(a.attnum)
  ) as set_on_delete,
  coalesce((pg_catalog.to_jsonb(con) ->> 'conenforced')::boolean, true) as is_declared_enforced,
  exists (
    with recursive family as (
      select con.oid
      union all
      select p.oid
      from family as f
      join pg_catalog.pg_constraint as p on p.conparentid = f.oid
      where c.relkind = 'p' or t.relkind = 'p'
    )
    select
    from family as f
    join pg_catalog.pg_trigger as g on g.tgconstraint = f.oid and g.tgenabled in ('D', 'R')
  ) as has_disabled_triggers
from pg_catalog.pg_constraint as con
join pg_catalog.pg_class as c on c.oid = con.conrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_class as t on t.oid = con.confrelid
join pg_catalog.pg_namespace as tn on tn.oid = t.relnamespace
where con.contype = 'f'
  and con.conparentid = 0
  and c.oid = any ($1::int8[]::oid[])
order by n.nspname, c.relname, con.conname;
