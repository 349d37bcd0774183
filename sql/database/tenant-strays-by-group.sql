-- Rows whose tenant does not exist and rows without a tenant, where an index leads with the tenant column and
-- there are too many tenants to walk one by one: an anti-join of the column alone, which an index-only scan
-- can read; only the rows of what is left are looked up.
-- Returns one row, in the shape of tenant-strays-by-index.
-- :"schema" :"table" :"column" the table and its tenant column · :"tenant_schema" :"tenant_table" the
-- tenants · :match the tenant p's key equals c's tenant column · :keys_c the primary key of c as a JSON array
-- of text
with counted as materialized (
  select c.:"column" as id, count(*) as row_count
  from :"schema".:"table" as c
  where c.:"column" is not null
    and not exists (select from :"tenant_schema".:"tenant_table" as p where :match)
  group by c.:"column"
)
select
  false as gave_up,
  (select coalesce(sum(n.row_count), 0) from counted as n)::int8 as orphan_rows,
  (select count(*) from counted)::int8 as orphan_tenants,
  (
    select jsonb_agg(jsonb_build_object('tenant', t.id::text, 'rows', t.row_count) order by t.row_count desc, t.id)
    from (select n.id, n.row_count from counted as n order by n.row_count desc, n.id limit 10) as t
  ) as tenants,
  (
    select jsonb_agg(k.keys)
    from (
      select r.keys
      from (select n.id from counted as n order by n.id limit 10) as s
      cross join lateral (
        select :keys_c as keys from :"schema".:"table" as c where c.:"column" = s.id limit 10
      ) as r
      limit 10
    ) as k
  ) as orphan_sample,
  (select count(*) from :"schema".:"table" as c where c.:"column" is null)::int8 as null_rows,
  (
    select jsonb_agg(k.keys)
    from (select :keys_c as keys from :"schema".:"table" as c where c.:"column" is null limit 10) as k
  ) as null_sample;
