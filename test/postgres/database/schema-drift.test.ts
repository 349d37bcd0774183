import { afterAll, beforeAll, expect, test } from "vitest";
import { auditFindings } from "../../support/audit.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { sampleSchema, sampleTables } from "../../support/sample-application.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
});
afterAll(() => database.drop());
const audit = (schema = sampleSchema) => auditFindings(database.url, schema);

const drifts = [
  [
    "a column is gone",
    "alter table lines drop column note",
    "alter table lines add column note text; update lines set note = 'n'",
    "note",
  ],
  [
    "another type",
    "alter table lines alter note type jsonb using to_jsonb(note)",
    "alter table lines alter note type text",
    "note",
  ],
  [
    "NOT NULL where the schema says optional",
    "alter table lines alter note set not null",
    "alter table lines alter note drop not null",
    "note",
  ],
  [
    "nullable where the schema says required",
    "alter table clients alter code drop not null",
    "alter table clients alter code set not null",
    "code",
  ],
  [
    "a unique key is gone",
    'drop index "clients_tenantId_code_key"; create index on clients ("tenantId")',
    'drop index "clients_tenantId_idx"; create unique index "clients_tenantId_code_key" on clients ("tenantId", code)',
    "tenantId, code",
  ],
] as const;

test.each(drifts)("%s: 0, then found, then 0", async (_, breaks, mends, column) => {
  expect(await audit()).toEqual([]);
  await database.query(breaks);
  expect(await audit()).toMatchObject([{ rule: "db/schema-drift", subject: { column } }]);
  await database.query(mends);
  expect(await audit()).toEqual([]);
});

test("a foreign key between tables of nobody is drift, unless the schema keeps none in the database", async () => {
  const globals =
    "model Country {\n  id Int @id\n  cities City[]\n}\nmodel City {\n  id Int @id\n  countryId Int\n  country Country @relation(fields: [countryId], references: [id])\n}\n";
  await database.query(
    'create table "Country" (id int primary key); create table "City" (id int primary key, "countryId" int not null)',
  );
  expect(await audit(sampleSchema + globals)).toMatchObject([
    { rule: "db/schema-drift", subject: { model: "City", column: "countryId" } },
  ]);
  const emulated = `datasource db {\n  provider = "postgresql"\n  relationMode = "prisma"\n}\n${sampleSchema}${globals}`;
  expect(await audit(emulated)).toEqual([]);
  await database.query('drop table "Country", "City"');
});

test("what only the database has is no drift", async () => {
  await database.query("alter table lines add column extra int; create table other (id int)");
  expect(await audit()).toEqual([]);
  await database.query("alter table lines drop column extra; drop table other");
});
