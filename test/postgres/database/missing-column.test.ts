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

test("a tenant column that the table lacks: 0, then found, then 0", async () => {
  expect(await audit()).toEqual([]);

  await database.query('alter table assets rename "tenantId" to tenant_id');
  expect(await audit()).toMatchObject([
    {
      rule: "db/missing-column",
      subject: { model: "Asset", table: "assets", column: "tenantId", file: "schema.prisma" },
    },
  ]);

  expect(
    await audit(sampleSchema.replace(/(model Asset[^}]+?tenantId String) @db/, '$1 @map("tenant_id") @db')),
  ).toEqual([]);
  await database.query('alter table assets rename tenant_id to "tenantId"');
  expect(await audit()).toEqual([]);
});
