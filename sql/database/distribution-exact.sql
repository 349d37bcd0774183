-- Rows per tenant of one table, grouped first and joined to the tenants afterwards: a tenth of the rows of a
-- join have to be carried.
-- Returns one row: totals, the Gini coefficient over all tenants (those without rows count as 0), the
-- largest tenants, some of those with nothing.
-- $1 int4: how many tenants to list · $2 text[]: tenants to list whatever their size (an earlier reading's) ·
-- :from the rows c, joined to where their tenant stands · :tenant that tenant · :bytes what a group of rows
-- takes, int8 or null · :tenants the tenants p · :key their key · :label a name for people · :match p's key
-- equals n.tenant
with counted as materialized (
  select :tenant as tenant, count(*) as row_count, :bytes as byte_count
  from :from
  group by 1
),
named as materialized (
  select n.tenant, n.row_count, n.byte_count, p.is_known, p.label
  from (select n.* from counted as n where n.tenant is not null) as n
  left join (select true as is_known, :key as key, :label as label from :tenants) as p on :match
),
nothing as materialized (
  select :key::text as tenant from :tenants where not exists (select from counted as n where :match_p)
),
ranked as (
  select r.row_count, row_number() over (order by r.row_count) as position from named as r where r.is_known
)
select
  (select coalesce(sum(n.row_count), 0) from counted as n)::int8 as rows,
  (select sum(n.byte_count) from counted as n)::int8 as bytes,
  (select coalesce(sum(n.row_count), 0) from counted as n where n.tenant is null)::int8 as rows_without,
  (select coalesce(sum(n.row_count), 0) from named as n where n.is_known is null)::int8 as rows_of_nobody,
  (select count(*) from named as n where n.is_known)::int8 as tenants_with_rows,
  (select count(*) from nothing)::int8 as tenants_with_nothing,
  (
    select case when sum(r.row_count) > 0 then
      2 * sum((r.position + z.zeros) * r.row_count) / ((count(*) + max(z.zeros)) * sum(r.row_count))
        - (count(*) + max(z.zeros) + 1)::numeric / (count(*) + max(z.zeros))
    end
    from ranked as r cross join (select count(*) as zeros from nothing) as z
  )::float8 as gini,
  (
    select jsonb_agg(
      jsonb_build_object('tenant', t.tenant::text, 'name', t.label, 'rows', t.row_count, 'bytes', t.byte_count)
      order by t.row_count desc, t.tenant
    )
    from (
      (select n.* from named as n order by n.row_count desc, n.tenant limit $1::int4)
      union
      select n.* from named as n where n.tenant::text = any ($2::text[])
    ) as t
  ) as tenants,
  (select jsonb_agg(e.tenant order by e.tenant) from (select n.tenant from nothing as n order by n.tenant limit 10) as e) as nothing;
