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

test("a tenant column that may be null: 0, then found with the steps that mend it, then 0", async () => {
  expect(await audit()).toEqual([]);

  await database.query('alter table assets alter "tenantId" drop not null');
  const findings = await audit();
  expect(findings).toMatchObject([
    { rule: "db/nullable-column", subject: { model: "Asset", table: "assets", column: "tenantId" } },
  ]);

  for (const step of findings[0]?.remedySteps ?? []) await database.query(step);
  expect(await audit()).toEqual([]);
});

test("NOT NULL that was never validated proves nothing (PostgreSQL 18)", async () => {
  await database.query(
    'alter table assets alter "tenantId" drop not null; alter table assets add constraint unsure not null "tenantId" not valid',
  );
  expect((await audit()).map(({ rule }) => rule)).toEqual(["db/nullable-column"]);
  await database.query("alter table assets validate constraint unsure");
  expect(await audit()).toEqual([]);
});
