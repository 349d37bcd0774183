-- Since when pg_stat_statements counts, and how many statements it had no room for.
-- Returns one row. :info the view
select
  i.stats_reset as since,
  extract(epoch from pg_catalog.now() - i.stats_reset)::float8 as age_seconds,
  i.dealloc::float8 as evicted
from :info as i;
