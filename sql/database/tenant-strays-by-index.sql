-- Rows whose tenant does not exist and rows without a tenant, by an index that leads with the tenant column:
-- a loose index scan walks the distinct tenant ids, an anti-join keeps those that no tenant has, and only
-- their rows are counted. The cost grows with the number of tenants, not of rows.
-- Returns one row; `gave_up` says that there are more than $1 distinct ids, and then nothing was counted.
-- $1 int8: how many distinct ids to walk at most · :"schema" :"table" :"column" the table and its tenant
-- column · :"tenant_schema" :"tenant_table" the tenants · :match the tenant p's key equals the id d.id ·
-- :keys_c the primary key of c as a JSON array of text · :order_c the primary key of c, to sort by
with recursive distinct_ids (id, position) as (
  (
    select c.:"column", 1
    from :"schema".:"table" as c
    where c.:"column" is not null
    order by c.:"column"
    limit 1
  )
  union all
  select
    (
      select c.:"column"
      from :"schema".:"table" as c
      where c.:"column" > d.id
      order by c.:"column"
      limit 1
    ),
    d.position + 1
  from distinct_ids as d
  where d.id is not null and d.position <= $1::int8
),
progress as materialized (
  select coalesce(max(d.position) > $1::int8, false) as gave_up from distinct_ids as d where d.id is not null
),
stray as materialized (
  select d.id
  from distinct_ids as d
  where d.id is not null
    and not (select p.gave_up from progress as p)
    and not exists (select from :"tenant_schema".:"tenant_table" as p where :match)
),
counted as materialized (
  select s.id, r.row_count
  from stray as s
  cross join lateral (select count(*) as row_count from :"schema".:"table" as c where c.:"column" = s.id) as r
)
select
  (select p.gave_up from progress as p) as gave_up,
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
