-- Tables of which row-level security filters the rows for some roles.
-- Returns a row a table and role: those that are superusers, bypass it, or own a table that does not force it
-- are left out.
-- $1 int8[]: tables; $2 int8[]: roles
select c.oid::int8::text as table_id, r.oid::int8::text as role_id
from pg_catalog.pg_class as c
cross join pg_catalog.pg_roles as r
where c.oid = any ($1::int8[]::oid[])
  and r.oid = any ($2::int8[]::oid[])
  and c.relrowsecurity
  and not (r.rolsuper or r.rolbypassrls)
  and (c.relforcerowsecurity or not pg_catalog.pg_has_role(r.oid, c.relowner, 'usage'))
order by 1, 2;
