-- Size and definition of some indexes. It waits for a table that a migration holds, and so it is asked apart.
-- `expressions` has the SQL of each key that is an expression, else an empty text.
-- Returns a row an index.
-- $1 int8[]: the indexes
select
  x.indexrelid::int8 as id,
  pg_catalog.pg_relation_size(x.indexrelid)::float8 as bytes,
  pg_catalog.pg_get_indexdef(x.indexrelid) as definition,
  pg_catalog.pg_get_expr(x.indpred, x.indrelid) as predicate,
  (
    select pg_catalog.array_agg(case when k.attnum = 0 then pg_catalog.pg_get_indexdef(x.indexrelid, k.position::int4, false) else '' end order by k.position)
    from pg_catalog.unnest(x.indkey::int2[]) with ordinality as k (attnum, position)
  ) as expressions
from pg_catalog.pg_index as x
where x.indexrelid = any ($1::int8[]::oid[])
order by x.indexrelid;
