-- Rows whose parent belongs to another tenant, and rows whose parent does not exist, by indexes that hold
-- the foreign key and the tenant on both sides: a merge anti-join of two index-only scans finds the pairs of
-- foreign key and tenant that the parent does not have; only those are looked up.
-- Returns one row; see reference-strays-by-scan for its columns, and for $1.
-- :child :child_tenant the rows c joined to where their tenant stands, and that tenant · :key_columns_c the
-- foreign key of c, as columns f1, f2… · :key_columns their names · :has_key it is not null · :parent
-- :same_tenant a parent p of c of the same tenant · :parent_join :parent_tenant :parent_missing the parent of stray s, joined to where its
-- tenant stands, that tenant, and whether there is no such parent · :child_match c equals s · :keys_c the primary key of c as a JSON array of text
with stray as materialized (
  select :child_tenant as tenant, :key_columns_c, count(*) as row_count
  from :child
  where :has_key and not exists (select from :parent where :same_tenant)
  group by :child_tenant, :group_columns_c
  limit $1::int8
),
judged as materialized (
  select s.*, :parent_missing as is_dangling, :parent_tenant as parent_tenant
  from stray as s
  :parent_join
),
crossing as materialized (
  select j.* from judged as j where j.tenant is not null and j.parent_tenant is not null and :tenants_differ
)
select
  (select count(*) from stray) >= $1::int8 as gave_up,
  (select coalesce(sum(j.row_count), 0) from judged as j where j.is_dangling)::int8 as dangling_rows,
  (
    select jsonb_agg(k.keys)
    from (
      select r.keys
      from (select j.* from judged as j where j.is_dangling order by :key_columns limit 10) as s
      cross join lateral (select :keys_c as keys from :child where :child_match limit 10) as r
      limit 10
    ) as k
  ) as dangling_sample,
  (select coalesce(sum(x.row_count), 0) from crossing as x)::int8 as crossing_rows,
  (select count(*) from (select distinct x.tenant, x.parent_tenant from crossing as x) as d)::int8 as crossing_pairs,
  (
    select jsonb_agg(
      jsonb_build_object('tenant', g.tenant::text, 'parentTenant', g.parent_tenant::text, 'rows', g.row_count)
      order by g.row_count desc, g.tenant, g.parent_tenant
    )
    from (
      select x.tenant, x.parent_tenant, sum(x.row_count)::int8 as row_count
      from crossing as x
      group by x.tenant, x.parent_tenant
      order by 3 desc, 1, 2
      limit 10
    ) as g
  ) as pairs,
  (
    select jsonb_agg(k.keys)
    from (
      select r.keys
      from (select x.* from crossing as x order by x.tenant, :key_columns limit 10) as s
      cross join lateral (select :keys_c as keys from :child where :child_match limit 10) as r
      limit 10
    ) as k
  ) as crossing_sample;
