/** 5 million rows of 1,000 skewed tenants, and a million tenants, on a server of the benchmark's own. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** A tenant's id; `gone` has no row in tenants. */
const id = (number) => `md5('tenant ' || (${number}))::uuid`;
/** Cubed, so that the first tenant of a thousand has a tenth of the rows. */
const skewed = (row, rows, tenants) =>
  `(1 + floor(${tenants} * power(((${row}::bigint * 7919) % ${rows}) / ${rows}.0, 3)))::int`;

/**
 * One PostgreSQL schema a shape, so that a case sees its own tables only: `indexed` and `bare` with a
 * thousand tenants, `million` where a million tenants exist and a thousand have rows, `spread` where all have.
 */
export async function createDataset(server, rows) {
  const client = new pg.Client(server.url);
  await client.connect();
  await client.query("create database bench");
  await client.end();
  const session = new pg.Client(server.urlFor("bench"));
  await session.connect();
  for (const statement of [
    ...tenants("indexed", 1000),
    ...parents("indexed", rows / 10),
    ...children("indexed", rows),
    'create index on indexed.children ("tenantId")',
    'create index on indexed.children ("parentId", "tenantId")',

    ...copies("bare", ["tenants", "parents", "children"]),
    ...tenants("million", 1_000_000),
    ...copies("million", ["children"]),
    'create index on million.children ("tenantId")',

    ...tenants("spread", 1_000_000),
    'create table spread.children (id bigint primary key, "tenantId" uuid not null, body text not null)',
    `insert into spread.children select i, ${id(skewed("i", rows, 1_000_000))}, repeat('c', 80) from generate_series(1, ${rows}) as i`,
    strays("spread", rows),
    'create index on spread.children ("tenantId")',
    "vacuum analyze",
    // What reads after it should not pay for what was written here.
    "checkpoint",
  ]) {
    await session.query(statement);
  }
  return { urlOf: (schema) => `${server.urlFor("bench")}?schema=${schema}`, session };
}

function tenants(schema, count) {
  return [
    `create schema ${schema}`,
    `create table ${schema}.tenants (id uuid primary key, name text not null)`,
    `insert into ${schema}.tenants select ${id("i")}, 'tenant ' || i from generate_series(1, ${count}) as i`,
  ];
}

function parents(schema, count) {
  return [
    `create table ${schema}.parents (id bigint primary key, "tenantId" uuid not null, body text not null)`,
    `insert into ${schema}.parents select i, ${id(skewed("i", count, 1000))}, repeat('p', 60) from generate_series(1, ${count}) as i`,
    `create unique index on ${schema}.parents (id, "tenantId")`,
  ];
}

function children(schema, count) {
  return [
    `create table ${schema}.children (id bigint primary key, "tenantId" uuid not null, "parentId" bigint not null, body text not null)`,
    `insert into ${schema}.children select i, p."tenantId", p.id, repeat('c', 80) from generate_series(1, ${count}) as i join ${schema}.parents as p on p.id = 1 + ((i::bigint * 31) % ${count / 10})`,
    strays(schema, count),
  ];
}

/** Fifty rows of a tenant that does not exist; their parents are another tenant's. */
function strays(schema, count) {
  return `update ${schema}.children set "tenantId" = ${id("'gone'")} where id % ${count / 50} = 7`;
}

/** Tables of `indexed`, with their primary keys and no other index. */
function copies(schema, tables) {
  return [
    `create schema if not exists ${schema}`,
    ...tables.flatMap((table) => [
      `create table ${schema}.${table} (like indexed.${table})`,
      `insert into ${schema}.${table} table indexed.${table}`,
      `alter table ${schema}.${table} add primary key (id)`,
    ]),
  ];
}

/** A folder with a Prisma schema of these models; the tenant model is always Tenant. */
export function project(models) {
  const folder = mkdtempSync(join(tmpdir(), "tenantctl-bench-"));
  mkdirSync(join(folder, "prisma"));
  const lists = models.map(({ name }) => `  ${name.toLowerCase()}s ${name}[]`).join("\n");
  const tenant = `model Tenant {\n  id String @id @db.Uuid\n  name String\n${lists}\n  @@map("tenants")\n}`;
  const text = ['datasource db {\n  provider = "postgresql"\n}', tenant, ...models.map(renderModel)].join(
    "\n\n",
  );
  writeFileSync(join(folder, "prisma", "schema.prisma"), `${text}\n`);
  return folder;
}

function renderModel({ name, table, fields = "" }) {
  return `model ${name} {
  id BigInt @id
  tenantId String @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
  body String
  ${fields}
  @@index([tenantId])
  @@map("${table}")
}`;
}

export const parent = { name: "Parent", table: "parents", fields: "children Child[]" };
export const child = {
  name: "Child",
  table: "children",
  fields: "parentId BigInt\n  parent Parent @relation(fields: [parentId], references: [id])",
};
