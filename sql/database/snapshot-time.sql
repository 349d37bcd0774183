-- When the transaction began, by the server's clock, and in which database: what was committed later is not in
-- its snapshot.
-- Returns one row. No parameters.
select
  pg_catalog.current_database() as database,
  pg_catalog.to_char(pg_catalog.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as taken_at;
