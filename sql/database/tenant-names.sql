-- Tenants by what connections call them: their key, or what they are called.
-- Returns a row a tenant. :tenants the table under the alias p, :key and :label its columns
-- $1 text[]: keys or names
select :key::text as tenant, :label as name
from :tenants
where :key::text = any ($1::text[]) or :label = any ($1::text[]);
