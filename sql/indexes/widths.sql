-- Average width of a table's columns and their share of nulls, as last analysed.
-- Returns a row for each column that was.
-- $1 text: schema, $2 text: table
select s.attname::text as column, s.avg_width::int as width, s.null_frac::float8 as nulls
from pg_catalog.pg_stats as s
where s.schemaname = $1 and s.tablename = $2 and not s.inherited
order by s.attname;
