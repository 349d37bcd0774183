-- A simple random sample of a table's pages, and what each tenant has on them. PostgreSQL 14 or later: a page
-- is read by a range of tuple ids; `offset 0` keeps the range a condition that the scan can use.
-- Returns one row: pages of the table, pages sampled, rows on them, and per tenant the number of pages that
-- it is on, its rows, the sum of their squares a page, and the most on one page.
-- $1 int8: pages to sample · :table the table, quoted · :from the rows c on a page g.page, joined to where
-- their tenant stands · :tenant that tenant · :tenants the tenants p · :key their key · :label a name for
-- people · :match p's key equals n.tenant
with extent as materialized (
  select pg_catalog.pg_relation_size(:table::regclass) / pg_catalog.current_setting('block_size')::int8 as pages
),
chosen as materialized (
  select distinct case when e.pages <= $1::int8 then i.number - 1 else floor(random() * e.pages)::int8 end as page
  from extent as e cross join generate_series(1, $1::int8) as i (number)
  where e.pages > $1::int8 or i.number <= e.pages
),
on_page as materialized (
  select g.page, :tenant as tenant, count(*) as row_count
  from :from
  group by 1, 2
),
whole_page as materialized (
  select sum(n.row_count) as row_count from on_page as n group by n.page
),
counted as materialized (
  select n.tenant, count(*) as pages, sum(n.row_count) as rows, sum(n.row_count ^ 2) as squares, max(n.row_count) as most
  from on_page as n
  group by 1
)
select
  (select e.pages from extent as e) as pages,
  (select count(*) from chosen) as sampled,
  (select coalesce(sum(n.rows), 0) from counted as n)::float8 as rows,
  (select coalesce(sum(w.row_count ^ 2), 0) from whole_page as w)::float8 as squares,
  (select coalesce(max(w.row_count), 0) from whole_page as w)::float8 as most,
  (
    select jsonb_agg(
      jsonb_build_object(
        'tenant', t.tenant::text, 'name', t.label,
        'pages', t.pages, 'rows', t.rows, 'squares', t.squares, 'most', t.most
      )
    )
    from (
      select n.*, p.label
      from (select n.* from counted as n order by n.rows desc limit 1000) as n
      left join (select :key as key, :label as label from :tenants) as p on :match
    ) as t
  ) as tenants;
