-- How many connections there may be, and how many there are: of the whole server, of this database and of each
-- role that is connected to it. What is reserved for superusers and for pg_use_reserved_connections is not for
-- applications. Our own are not counted: they are gone at once. No limit of its own is -1.
-- Returns a row a limit. No parameters.
with clients as (
  select a.datid, a.usesysid from pg_catalog.pg_stat_activity as a
  where a.usesysid is not null
    and coalesce(a.backend_type, 'client backend') = 'client backend'
    and a.application_name is distinct from 'tenantctl'
), here as (
  select d.oid, d.datname, d.datconnlimit from pg_catalog.pg_database as d
  where d.datname = pg_catalog.current_database()
)
select
  'server' as kind,
  'max_connections' as name,
  (select count(*)::int4 from clients) as used,
  pg_catalog.current_setting('max_connections')::int4 as most,
  pg_catalog.current_setting('superuser_reserved_connections')::int4
    + coalesce(nullif(pg_catalog.current_setting('reserved_connections', true), ''), '0')::int4 as reserved
union all
select 'database', h.datname::text, (select count(*)::int4 from clients as c where c.datid = h.oid), h.datconnlimit, 0
from here as h
union all
select 'role', r.rolname::text, (select count(*)::int4 from clients as c where c.usesysid = r.oid), r.rolconnlimit, 0
from pg_catalog.pg_roles as r
where not r.rolsuper
  and exists (select from clients as c join here as h on h.oid = c.datid where c.usesysid = r.oid)
order by 1, 2;
