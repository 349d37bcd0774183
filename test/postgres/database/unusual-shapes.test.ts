import { afterEach, beforeEach, expect, test } from "vitest";
import { auditFindings, auditOutcomes } from "../../support/audit.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";

/** Shapes in which a proof, a comparison or a place misleads: each is sound first, then has one fault. */
let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());

const tenant = (lists: string) => `model Tenant {\n  id String @id\n${lists}\n}\n`;
const client = (extra = "") => `model Client {
  id Int @id
  tenantId String
  tenant Tenant @relation(fields: [tenantId], references: [id])
  ${extra}
  @@index([tenantId])
}
`;
const clients = tenant("  clients Client[]") + client();
const rows = async (schema: string, options: Parameters<typeof auditFindings>[2] = {}) =>
  (await auditFindings(database.url, schema, options)).flatMap(({ rule, subject, evidence }) =>
    typeof evidence?.rows === "number" ? [`${rule} ${subject.table}.${subject.column} ${evidence.rows}`] : [],
  );
const base = `
  create table "Tenant" (id text primary key);
  insert into "Tenant" values ('a'), ('b');
  create table "Client" (id int primary key, "tenantId" text not null references "Tenant");
  create index on "Client" ("tenantId");
  insert into "Client" values (1, 'a'), (2, 'b');
`;
/** Writes past every constraint, as a restore does. */
const slip = (sql: string) =>
  database.query(`begin; set local session_replication_role = replica; ${sql}; commit`);

test("tenants without the key that the schema names: nothing is known, and that is no pass", async () => {
  await database.query(base);
  const schema = clients.replace("id String @id", 'id String @id @map("tenant_id")');
  for (const { obstacle } of await auditOutcomes(database.url, schema)) {
    expect(obstacle).toMatchObject({
      status: "error",
      reason: expect.stringContaining("no column tenant_id"),
    });
  }
});

test("a composite key proves only as much as the parent's own tie does", async () => {
  const schema =
    tenant("  clients Client[]\n  invoices Invoice[]") +
    client("invoices Invoice[]\n  @@unique([tenantId, id])") +
    `model Invoice {
  id Int @id
  tenantId String
  clientId Int
  tenant Tenant @relation(fields: [tenantId], references: [id])
  client Client @relation(fields: [tenantId, clientId], references: [tenantId, id])
  @@index([tenantId])
}
`;
  await database.query(`${base}
    alter table "Client" drop constraint "Client_tenantId_fkey";
    insert into "Client" values (3, 'ghost');
    alter table "Client" add foreign key ("tenantId") references "Tenant" not valid;
    create unique index on "Client" ("tenantId", id);
    create table "Invoice" (id int primary key, "tenantId" text not null, "clientId" int not null,
      foreign key ("tenantId", "clientId") references "Client" ("tenantId", id));
    create index on "Invoice" ("tenantId");
    insert into "Invoice" values (1, 'a', 1), (2, 'ghost', 3), (3, 'ghost', 3);
  `);
  expect((await rows(schema)).sort()).toEqual([
    "db/orphan-rows Client.tenantId 1",
    "db/orphan-rows Invoice.tenantId 2",
  ]);
});

test("a composite key that null switches off proves nothing of the simple reference", async () => {
  const schema =
    tenant("  clients Client[]\n  invoices Invoice[]") +
    client("invoices Invoice[]\n  @@unique([tenantId, id])") +
    `model Invoice {
  id Int @id
  tenantId String?
  clientId Int
  tenant Tenant? @relation(fields: [tenantId], references: [id])
  client Client @relation(fields: [clientId], references: [id])
  @@index([tenantId])
}
`;
  await database.query(`${base}
    create unique index on "Client" ("tenantId", id);
    create table "Invoice" (id int primary key, "tenantId" text references "Tenant", "clientId" int not null,
      foreign key ("tenantId", "clientId") references "Client" ("tenantId", id));
    create index on "Invoice" ("tenantId");
    insert into "Invoice" values (1, 'a', 1), (2, null, 99);
  `);
  expect(await rows(schema)).toContain("db/orphan-rows Invoice.clientId 1");
});

const partitions = (second: string) => `
  create table "Tenant" (id text primary key);
  insert into "Tenant" values ('a'), ('b');
  create schema parts;
  create table "Client" (id int, "tenantId" text not null, primary key (id, "tenantId")) partition by list ("tenantId");
  create table client_a partition of "Client" for values in ('a');
  create table ${second} partition of "Client" default;
`;
const partitioned = clients
  .replace("id Int @id", "id Int")
  .replace("@@index", "@@id([id, tenantId])\n  @@index");

test("triggers that are switched off on a partition alone", async () => {
  await database.query(`${partitions("client_rest")}
    create index on "Client" ("tenantId");
    alter table "Client" add constraint fk foreign key ("tenantId") references "Tenant";
    insert into "Client" values (1, 'a');
  `);
  expect(await auditFindings(database.url, partitioned)).toEqual([]);
  await database.query(
    `alter table client_rest disable trigger all; insert into "Client" values (2, 'ghost')`,
  );
  expect((await auditFindings(database.url, partitioned)).map(({ rule }) => rule)).toContain(
    "db/unvalidated-foreign-key",
  );
  expect(await rows(partitioned)).toEqual(["db/orphan-rows Client.tenantId 1"]);
});

test("a partition in a schema that the application does not name", async () => {
  await database.query(`${partitions("parts.client_rest")}
    create index on client_a ("tenantId");
    alter table client_a add foreign key ("tenantId") references "Tenant";
    insert into "Client" values (1, 'a'), (2, 'ghost');
  `);
  const found = await auditFindings(database.url, partitioned);
  expect(found.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(["db/missing-index", "db/missing-foreign-key", "db/orphan-rows"]),
  );
});

test("rows of a table that inherits are read with its parent's, whose constraint does not hold them", async () => {
  await database.query(`${base} create schema archive;`);
  expect(await rows(clients)).toEqual([]);
  await database.query(
    `create table archive.client_2020 () inherits ("Client"); insert into archive.client_2020 values (9, 'ghost')`,
  );
  expect(await rows(clients)).toEqual(["db/orphan-rows Client.tenantId 1"]);
});

test("a model that is a view in the database is said, and its rows are looked at", async () => {
  const schema =
    tenant("  clients Client[]") +
    client("invoices Invoice[]") +
    "model Invoice {\n  id Int @id\n  clientId Int\n  client Client @relation(fields: [clientId], references: [id])\n}\n";
  await database.query(`
    create table "Tenant" (id text primary key);
    insert into "Tenant" values ('a');
    create table people (id int, owner text);
    insert into people values (1, 'a'), (2, 'ghost');
    create view "Client" as select id, owner as "tenantId" from people;
    create table "Invoice" (id int primary key, "clientId" int not null);
    insert into "Invoice" values (1, 1), (2, 99);
  `);
  const found = await auditFindings(database.url, schema);
  expect(found).toContainEqual(
    expect.objectContaining({
      rule: "db/schema-drift",
      message: "public.Client: the schema declares a table, the database has a view",
    }),
  );
  expect((await rows(schema)).sort()).toEqual([
    "db/orphan-rows Client.tenantId 1",
    "db/orphan-rows Invoice.clientId 1",
  ]);
});

test("a tenant column that only the database has is read, and said", async () => {
  const schema = `${clients}model Note {\n  id Int @id\n}\n`;
  await database.query(`${base} create table "Note" (id int primary key, "tenantId" text);`);
  expect((await auditFindings(database.url, schema)).map(({ rule }) => rule)).toEqual(["db/schema-drift"]);
  await database.query(`insert into "Note" values (1, 'a'), (2, 'ghost')`);
  expect(await rows(schema)).toEqual(["db/orphan-rows Note.tenantId 1"]);
});

test("tenants that some tables know by another unique key", async () => {
  const schema = `model Tenant {
  id Int @id
  slug String @unique
  clients Client[]
  pages Page[]
}
model Client {
  id Int @id
  tenantId Int
  tenant Tenant @relation(fields: [tenantId], references: [id])
  pages Page[]
  @@index([tenantId])
}
model Page {
  id Int @id
  tenantId String
  tenant Tenant @relation(fields: [tenantId], references: [slug])
  clientId Int
  client Client @relation(fields: [clientId], references: [id])
  @@index([tenantId])
}
`;
  await database.query(`
    create table "Tenant" (id int primary key, slug text not null unique);
    insert into "Tenant" values (1, 'one'), (2, 'two');
    create table "Client" (id int primary key, "tenantId" int not null references "Tenant" (id));
    create index on "Client" ("tenantId");
    insert into "Client" values (10, 1), (20, 2);
    create table "Page" (id int primary key, "tenantId" text not null references "Tenant" (slug), "clientId" int not null references "Client");
    create index on "Page" ("tenantId");
    insert into "Page" values (1, 'one', 10), (2, 'two', 20);
  `);
  expect(await auditFindings(database.url, schema)).toEqual([]);
  await database.query(`update "Page" set "clientId" = 20 where id = 1`);
  expect(await rows(schema)).toEqual(["db/cross-tenant-reference Page.clientId 1"]);
  await slip(`insert into "Page" values (3, 'ghost', 10)`);
  expect(await rows(schema, { deep: true })).toContain("db/orphan-rows Page.tenantId 1");
});

test("citext from a schema that is not in the search path compares as citext", async () => {
  await database.query(`
    create schema extensions;
    create extension citext schema extensions;
    create table "Tenant" (id extensions.citext primary key);
    insert into "Tenant" values ('ACME');
    create table "Client" (id int primary key, "tenantId" text not null);
    create index on "Client" ("tenantId");
    insert into "Client" values (1, 'acme');
  `);
  expect(await rows(clients)).toEqual([]);
  await database.query(`insert into "Client" values (2, 'ghost')`);
  expect(await rows(clients)).toEqual(["db/orphan-rows Client.tenantId 1"]);
});

test("domains over domains, and their NOT NULL", async () => {
  await database.query(`
    create domain name_text as text;
    create domain tenant_key as name_text not null;
    create table "Tenant" (id tenant_key primary key);
    insert into "Tenant" values ('a');
    create table "Client" (id int primary key, "tenantId" tenant_key references "Tenant");
    create index on "Client" ("tenantId");
    insert into "Client" values (1, 'a');
  `);
  expect(await auditFindings(database.url, clients)).toEqual([]);
});

test("a parent's key that the database does not keep unique counts no row twice", async () => {
  const schema =
    tenant("  clients Client[]") +
    client("parts Part[]") +
    `model Part {
  id Int @id
  clientId Int
  client Client @relation(fields: [clientId], references: [id])
  pieces Piece[]
}
model Piece {
  id Int @id
  partId Int
  part Part @relation(fields: [partId], references: [id])
  clientId Int?
  other Client? @relation("Other", fields: [clientId], references: [id])
}
`
      .replace("other Client?", "other Client?")
      .replace("parts Part[]", "parts Part[]");
  const whole = schema.replace("parts Part[]", 'parts Part[]\n  pieces Piece[] @relation("Other")');
  await database.query(`${base}
    create table "Part" (id int not null, "clientId" int not null);
    insert into "Part" values (1, 1), (1, 1);
    create table "Piece" (id int primary key, "partId" int not null, "clientId" int);
    insert into "Piece" values (1, 1, 2);
  `);
  expect(await rows(whole)).toContain("db/cross-tenant-reference Piece.clientId 1");
});

test("a list of tenants can't be compared with a tenant's key: inconclusive is said, nothing is made up", async () => {
  const schema = clients
    .replace("tenantId String\n", "tenantId String[]\n")
    .replace(/ {2}tenant Tenant.*\n/, "")
    .replace("  clients Client[]", "");
  await database.query(`
    create table "Tenant" (id text primary key);
    insert into "Tenant" values ('a');
    create table "Client" (id int primary key, "tenantId" text[]);
    create index on "Client" ("tenantId");
    insert into "Client" values (1, '{a}');
  `);
  const outcomes = await auditOutcomes(database.url, schema, { checks: ["orphans"] });
  expect(outcomes[0]).toMatchObject({
    drafts: [],
    obstacle: { status: "error", reason: expect.stringContaining("can't be compared") },
  });
});

test("columns of two collations", async () => {
  await database.query(`
    create table "Tenant" (id text collate "C" primary key);
    insert into "Tenant" values ('a');
    create table "Client" (id int primary key, "tenantId" text collate "POSIX" not null);
    create index on "Client" ("tenantId");
    insert into "Client" values (1, 'a'), (2, 'ghost');
  `);
  expect(await rows(clients)).toEqual(["db/orphan-rows Client.tenantId 1"]);
});

test("many-to-many relations of one name in two schemas", async () => {
  const model = (schema: string, name: string, other: string) => `model ${name} {
  id Int @id
  tenantId String
  tenant Tenant @relation("${name}", fields: [tenantId], references: [id])
  links ${other}[] @relation("links_${schema}")
  @@index([tenantId])
  @@schema("${schema}")
}
`;
  const schema = `datasource db {
  provider = "postgresql"
  schemas = ["x", "y"]
}
generator client {
  provider = "prisma-client-js"
  previewFeatures = ["multiSchema"]
}
model Tenant {
  id String @id
${["A", "B", "C", "D"].map((name) => `  ${name.toLowerCase()} ${name}[] @relation("${name}")`).join("\n")}
  @@schema("x")
}
${model("x", "A", "B")}${model("x", "B", "A")}${model("y", "C", "D")}${model("y", "D", "C")}`;
  const named = schema.replaceAll("links_x", "links").replaceAll("links_y", "links");
  const table = (place: string) =>
    `create table ${place} (id int primary key, "tenantId" text not null references x."Tenant"); create index on ${place} ("tenantId"); insert into ${place} values (1, 'a'), (2, 'b');`;
  const join = (place: string, a: string, b: string) =>
    `create table ${place}._links ("A" int not null references ${place}."${a}", "B" int not null references ${place}."${b}", primary key ("A", "B")); create index on ${place}._links ("B"); insert into ${place}._links values (1, 1), (1, 2);`;
  await database.query(`
    create schema x; create schema y;
    create table x."Tenant" (id text primary key);
    insert into x."Tenant" values ('a'), ('b');
    ${table('x."A"')} ${table('x."B"')} ${table('y."C"')} ${table('y."D"')}
    ${join("x", "A", "B")} ${join("y", "C", "D")}
  `);
  const found = await auditFindings(database.url, named);
  expect(found.map(({ rule, subject }) => `${rule} ${subject.schema}.${subject.table}`).sort()).toEqual([
    "db/cross-tenant-reference x._links",
    "db/cross-tenant-reference y._links",
  ]);
});

test("a table whose name looks like a mark of the report's own page", async () => {
  const { renderHtml } = await import("../../../src/render/report-html.js");
  const { buildReport } = await import("../../../src/findings/report.js");
  const at = new Date();
  const report = buildReport(
    { version: "0", command: "audit SCRIPT STYLES", environment: "x", startedAt: at, finishedAt: at },
    [],
    { failOn: "error", required: [] },
  );
  expect(renderHtml(report)).toContain("audit SCRIPT STYLES");
});
