-- Rows without a tenant, where a foreign key already proves that the others have one.
-- Returns one row.
-- :"schema" :"table" :"column" the table and its tenant column · :sort_keys_c the primary key of c, as
-- columns k1, k2… · :keys_s the same of s as a JSON array of text · :order_s the same of s, to sort by
with stray as materialized (
  select :sort_keys_c from :"schema".:"table" as c where c.:"column" is null
)
select
  (select count(*) from stray)::int8 as null_rows,
  (
    select jsonb_agg(k.keys)
    from (select :keys_s as keys from stray as s order by :order_s limit 10) as k
  ) as null_sample;
