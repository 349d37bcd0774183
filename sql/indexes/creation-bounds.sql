-- Points on the clock of transactions: a row of Prisma's own table of migrations was last changed when its
-- migration ended. An index whose creation is more transactions ago than such a row was there by then.
-- Returns a row a finished migration.
-- :"schema": the schema with that table
select
  pg_catalog.age(m.xmin) as age,
  m.finished_at as at
from :"schema"."_prisma_migrations" as m
where m.finished_at is not null and m.xmin::text::int8 >= 3
order by 1;
