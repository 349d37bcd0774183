-- What pg_stat_statements has on this database.
-- Returns a row a statement and role. The text is null where its file was lost, and `<insufficient privilege>`
-- where it is another role's and this one may not see it. Times are milliseconds. No parameters.
-- :statements the view, :total and :mean its columns by version, :toplevel whether a client sent it
select
  s.queryid::text as query_id,
  s.userid::int8::text as role_id,
  coalesce(r.rolname::text, s.userid::text) as role,
  s.query as text,
  s.calls::float8 as calls,
  s.rows::float8 as rows,
  s.:total as total_ms,
  s.:mean as mean_ms,
  :toplevel as is_top_level
from :statements as s
left join pg_catalog.pg_roles as r on r.oid = s.userid
where s.dbid = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
order by s.:total desc, s.queryid, s.userid;
