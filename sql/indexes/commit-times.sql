-- When the transactions that made some indexes ended, where the server keeps that (track_commit_timestamp).
-- Returns a row an index of which it is still known.
-- $1 int8[]: the indexes
select x.indexrelid::int8 as id, pg_catalog.pg_xact_commit_timestamp(x.xmin) as at
from pg_catalog.pg_index as x
where x.indexrelid = any ($1::int8[]::oid[]) and pg_catalog.pg_xact_commit_timestamp(x.xmin) is not null
order by x.indexrelid;
