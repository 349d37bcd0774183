-- How far some server processes are with an index, and whom each of them waits for.
-- Returns a row for each that still lives.
-- $1 int4[]: process ids
select
  a.pid,
  a.backend_start::text as started,
  p.phase,
  p.index_relid::int8 as index_id,
  p.lockers_total::int8 as lockers_total,
  p.lockers_done::int8 as lockers_done,
  p.blocks_total::int8 as blocks_total,
  p.blocks_done::int8 as blocks_done,
  p.tuples_total::int8 as tuples_total,
  p.tuples_done::int8 as tuples_done,
  case when p.index_relid > 0 then pg_catalog.pg_relation_size(p.index_relid) end::int8 as bytes,
  case when a.wait_event_type = 'Lock' then (
    select pg_catalog.json_agg(
      pg_catalog.json_build_object(
        'pid', b.pid,
        'application', b.application_name,
        'role', b.usename::text,
        'state', b.state,
        'seconds', extract(epoch from pg_catalog.clock_timestamp() - coalesce(b.xact_start, b.query_start)),
        'query', pg_catalog.left(pg_catalog.regexp_replace(b.query, '\s+', ' ', 'g'), 200),
        'kind', case when b.backend_type = 'autovacuum worker' then 'vacuum' when b.pid is null then 'prepared' else 'lock' end
      ) order by b.xact_start
    )
    from pg_catalog.unnest(pg_catalog.pg_blocking_pids(a.pid)) as w (pid)
    left join pg_catalog.pg_stat_activity as b on b.pid = w.pid
  ) end as blockers
from pg_catalog.pg_stat_activity as a
left join pg_catalog.pg_stat_progress_create_index as p on p.pid = a.pid
where a.pid = any ($1::int4[]);
