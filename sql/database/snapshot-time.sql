-- A moment after the snapshot was taken, by the server's clock, and in which database: no row of the snapshot
-- bears a later time. (now() is the transaction's start, which comes before its snapshot.)
-- Returns one row. No parameters.
select
  pg_catalog.current_database() as database,
  pg_catalog.to_char(pg_catalog.clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as taken_at;
