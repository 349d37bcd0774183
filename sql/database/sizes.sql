-- Size of some tables as the last vacuum or analyze left it: heap, TOAST and indexes. Nothing
-- here takes a lock (pg_total_relation_size would).
-- Returns a row a table. $1 int8[]: the tables
select
  c.oid::int8 as id,
  c.relpages::float8 as pages,
  (c.relpages + coalesce(t.relpages, 0) + coalesce(x.pages, 0))::float8
    * pg_catalog.current_setting('block_size')::int4 as bytes
from pg_catalog.pg_class as c
left join pg_catalog.pg_class as t on t.oid = c.reltoastrelid
left join lateral (
  select sum(i.relpages) as pages
  from pg_catalog.pg_index as d
  join pg_catalog.pg_class as i on i.oid = d.indexrelid
  where d.indrelid in (c.oid, c.reltoastrelid)
) as x on true
where c.oid = any ($1::int8[]::oid[]);
