import { afterAll, beforeAll, expect, test } from "vitest";
import { auditFindings } from "../../support/audit.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { nobody, sampleSchema, sampleTables, tenantA } from "../../support/sample-application.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
});
afterAll(() => database.drop());
const audit = (schema = sampleSchema) => auditFindings(database.url, schema);

test("a table with the tenant column and no model: 0, then found, then 0", async () => {
  expect(await audit()).toEqual([]);

  await database.query(
    `create table imports ("tenantId" uuid, note text); insert into imports values ('${tenantA}', 'x')`,
  );
  expect(await audit()).toMatchObject([
    { rule: "db/unmapped-table", subject: { schema: "public", table: "imports", column: "tenantId" } },
  ]);

  await database.query("drop table imports");
  expect(await audit()).toEqual([]);
});

test("its rows are looked at like any other's", async () => {
  await database.query(
    `create table imports ("tenantId" uuid); insert into imports values ('${nobody}'), ('${nobody}'), (null)`,
  );
  const findings = await audit();
  expect(findings.find(({ rule }) => rule === "db/orphan-rows")?.evidence?.rows).toBe(2);
  expect(findings.find(({ rule }) => rule === "db/null-tenant-rows")?.evidence?.rows).toBe(1);
  await database.query("drop table imports");
});

test("views, partitions, tables without the column and tables of ignored models raise nothing", async () => {
  await database.query(`
    create view asset_view as select "tenantId" from assets;
    create table notes (id int);
    create table legacy (id int, "tenantId" uuid);
  `);
  expect(
    await audit(
      `${sampleSchema}model Legacy {\n  id Int\n  tenantId String\n  @@map("legacy")\n  @@ignore\n}`,
    ),
  ).toEqual([]);
  await database.query("drop view asset_view; drop table notes, legacy");
});
