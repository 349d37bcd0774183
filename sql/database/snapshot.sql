-- Per tenant of one table: the number of rows, and sums of hashes that do not depend on the rows' order.
-- Returns a row a group. Sums of int8 are numeric, so nothing overflows; the caller reduces them modulo 2^64.
-- $1 timestamptz: rows written after it are set apart, where the caller's fragments ask for that ·
-- :from the rows c, joined to where their tenant stands · :tenant that tenant · :group what to group by ·
-- :there and :untouched FILTER clauses, or nothing · :key hash of a row's key · :values sums of each column ·
-- :written and :created counts
select
  (:tenant)::text as tenant,
  count(*) :there as rows,
  coalesce(sum(:key) :there, 0)::text as keys,
  array[:values]::text[] as values,
  :written as written,
  :created as created
from :from
group by :group
order by 1;
