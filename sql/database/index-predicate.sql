-- The condition of one partial index. It waits for a table that a migration holds, and so it is asked apart.
-- Returns one row.
-- $1 int8: the index
select pg_catalog.pg_get_expr(x.indpred, x.indrelid) as predicate
from pg_catalog.pg_index as x
where x.indexrelid = $1::int8::oid;
