-- Rows whose parent does not exist, by one foreign key that no constraint proves, where the row has no
-- tenant of its own to compare.
-- Returns one row.
-- :child the rows c · :has_key their foreign key is not null · :parent :parent_of_c a parent p of c ·
-- :sort_keys_c the primary key of c, as columns k1, k2… · :keys_s the same of s as a JSON array of text ·
-- :order_s the same of s, to sort by
with stray as materialized (
  select :sort_keys_c
  from :child
  where :has_key and not exists (select from :parent where :parent_of_c)
)
select
  (select count(*) from stray)::int8 as dangling_rows,
  (
    select jsonb_agg(k.keys)
    from (select :keys_s as keys from stray as s order by :order_s limit 10) as k
  ) as dangling_sample;
