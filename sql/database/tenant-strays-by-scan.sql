-- Rows whose tenant does not exist and rows without a tenant, in one pass over the table: a hash anti-join.
-- Returns one row, in the shape of tenant-strays-by-index.
-- :"schema" :"table" :"column" the table and its tenant column · :"tenant_schema" :"tenant_table" the
-- tenants · :match the tenant p's key equals c's tenant column · :sort_keys_c the primary key of c, as
-- columns k1, k2… · :keys_s the same of s as a JSON array of text · :order_s the same of s, to sort by
with stray as materialized (
  select c.:"column" as id, :sort_keys_c
  from :"schema".:"table" as c
  where not exists (select from :"tenant_schema".:"tenant_table" as p where :match)
)
select
  false as gave_up,
  (select count(*) from stray as s where s.id is not null)::int8 as orphan_rows,
  (select count(distinct s.id) from stray as s)::int8 as orphan_tenants,
  (
    select jsonb_agg(jsonb_build_object('tenant', t.id::text, 'rows', t.row_count) order by t.row_count desc, t.id)
    from (
      select s.id, count(*) as row_count
      from stray as s
      where s.id is not null
      group by s.id
      order by count(*) desc, s.id
      limit 10
    ) as t
  ) as tenants,
  (
    select jsonb_agg(k.keys)
    from (select :keys_s as keys from stray as s where s.id is not null order by :order_s limit 10) as k
  ) as orphan_sample,
  (select count(*) from stray as s where s.id is null)::int8 as null_rows,
  (
    select jsonb_agg(k.keys)
    from (select :keys_s as keys from stray as s where s.id is null order by :order_s limit 10) as k
  ) as null_sample;
