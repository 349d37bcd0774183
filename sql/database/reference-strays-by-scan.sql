-- Rows whose parent belongs to another tenant, and rows whose parent does not exist, in one pass: an
-- anti-join against parents of the same tenant, then a look at the parent of each row that is left.
-- Returns one row: counts, samples of primary keys, and the pairs of tenants with most rows. `gave_up` says
-- that there are as many strays as $1, and then the counts are not whole.
-- $1 int8: how many strays to look at, null for all of them
-- Parameters as in reference-strays-by-index, and: :sort_keys_c the primary key of c, as columns k1, k2… ·
-- :keys_s the same of s as a JSON array of text · :order_s the same of s, to sort by
with stray as materialized (
  select :child_tenant as tenant, :key_columns_c, :sort_keys_c
  from :child
  where :has_key and not exists (select from :parent where :same_tenant)
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
  (select count(*) from judged as j where j.is_dangling)::int8 as dangling_rows,
  (
    select jsonb_agg(k.keys)
    from (select :keys_s as keys from judged as s where s.is_dangling order by :order_s limit 10) as k
  ) as dangling_sample,
  (select count(*) from crossing)::int8 as crossing_rows,
  (select count(*) from (select distinct x.tenant, x.parent_tenant from crossing as x) as d)::int8 as crossing_pairs,
  (
    select jsonb_agg(
      jsonb_build_object('tenant', g.tenant::text, 'parentTenant', g.parent_tenant::text, 'rows', g.row_count)
      order by g.row_count desc, g.tenant, g.parent_tenant
    )
    from (
      select x.tenant, x.parent_tenant, count(*)::int8 as row_count
      from crossing as x
      group by x.tenant, x.parent_tenant
      order by 3 desc, 1, 2
      limit 10
    ) as g
  ) as pairs,
  (
    select jsonb_agg(k.keys)
    from (select :keys_s as keys from crossing as s order by :order_s limit 10) as k
  ) as crossing_sample;
