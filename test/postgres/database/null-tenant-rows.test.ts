import { afterAll, beforeAll, expect, test } from "vitest";
import { auditFindings } from "../../support/audit.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { sampleSchema, sampleTables, tenantA } from "../../support/sample-application.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
});
afterAll(() => database.drop());
const audit = (schema = sampleSchema) => auditFindings(database.url, schema);

test("rows without a tenant: 0, then found with count and sample, then 0", async () => {
  expect(await audit()).toEqual([]);

  await database.query(
    'alter table assets alter "tenantId" drop not null; update assets set "tenantId" = null where id in (2, 4)',
  );
  const findings = await audit();
  expect(findings.map(({ rule }) => rule).sort()).toEqual(["db/null-tenant-rows", "db/nullable-column"]);
  expect(findings.find(({ rule }) => rule === "db/null-tenant-rows")).toMatchObject({
    subject: { model: "Asset", table: "assets", column: "tenantId" },
    evidence: { rows: 2, sample: [2, 4] },
  });

  await database.query(
    `update assets set "tenantId" = '${tenantA}' where "tenantId" is null; alter table assets alter "tenantId" set not null`,
  );
  expect(await audit()).toEqual([]);
});

test("in a model of a category that is not filtered, null is a reason, not a fault", async () => {
  await database.query(
    'alter table assets alter "tenantId" drop not null; update assets set "tenantId" = null where id = 2',
  );
  const lists = { "tenant-scoped": ["Client"], special: ["Asset", "Line"], global: ["Tenant"] };
  const findings = await auditFindings(database.url, sampleSchema, { lists });
  expect(findings.filter(({ rule }) => rule === "db/null-tenant-rows")).toEqual([]);
  await database.query(
    `update assets set "tenantId" = '${tenantA}' where "tenantId" is null; alter table assets alter "tenantId" set not null`,
  );
});
