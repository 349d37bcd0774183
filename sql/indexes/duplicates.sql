-- Keys that more than one row has, which a unique index could not be built over.
-- Returns one row: their number, the rows that have them, and ten of them.
with repeated as materialized (
  select pg_catalog.json_build_array(:keys) as key, pg_catalog.count(*) as number
  from :table
  where :condition
  group by :groups
  having pg_catalog.count(*) > 1
)
select
  pg_catalog.count(*)::int8 as keys,
  coalesce(pg_catalog.sum(number), 0)::int8 as rows,
  (
    select pg_catalog.json_agg(pg_catalog.json_build_object('key', s.key, 'rows', s.number))
    from (select * from repeated order by number desc, key::text limit 10) as s
  ) as sample
from repeated;
