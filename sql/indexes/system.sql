-- The cluster's identifier, which a primary and its physical standbys share, and its timeline: one over 1 says
-- that a standby was promoted, or a backup restored, at some time. Some providers refuse it.
-- Returns one row. No parameters.
select c.system_identifier::text as system, p.timeline_id::int4 as timeline
from pg_catalog.pg_control_system() as c, pg_catalog.pg_control_checkpoint() as p;
