-- When this server's timeline began: the youngest history file among its logs. It needs pg_monitor.
-- Returns one row. No parameters.
select max(l.modification) as at
from pg_catalog.pg_ls_waldir() as l
where l.name like '%.history';
