-- Tries for our lock on the work at one table, and says who has it where somebody else does. It never waits: a
-- session that waits for a lock holds a snapshot, which the build of the one that has it would wait for.
-- Returns one row.
-- $1 int4: our class of locks, $2 int4: the table
select
  pg_catalog.pg_try_advisory_lock($1, $2) as is_ours,
  (
    select l.pid from pg_catalog.pg_locks as l
    join pg_catalog.pg_database as d on d.oid = l.database and d.datname = pg_catalog.current_database()
    where l.locktype = 'advisory' and l.classid = $1::int8::oid and l.objid = ($2::int8 & 4294967295)::oid and l.objsubid = 2
      and l.granted and l.pid <> pg_catalog.pg_backend_pid()
    limit 1
  ) as holder;
