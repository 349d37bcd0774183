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

const reset = async (suffix: string) => {
  await database.query(`
    alter table assets drop constraint "assets_tenantId_fkey";
    alter table assets add constraint "assets_tenantId_fkey" foreign key ("tenantId") references tenants (id) ${suffix};
  `);
};
const subject = {
  model: "Asset",
  table: "assets",
  column: "tenantId",
  constraint: "assets_tenantId_fkey",
  references: "public.tenants.id",
};

test.each([
  ["NOT VALID", "is not validated"],
  ["NOT ENFORCED", "NOT ENFORCED"],
])("%s: 0, then found with the statement that mends it, then 0", async (suffix, said) => {
  expect(await audit()).toEqual([]);

  await reset(suffix);
  const findings = await audit();
  expect(findings).toMatchObject([{ rule: "db/unvalidated-foreign-key", subject }]);
  expect(findings[0]?.message).toContain(said);

  for (const step of findings[0]?.remedySteps ?? []) await database.query(step);
  expect(await audit()).toEqual([]);
});

test("a constraint whose triggers are switched off, and the rows that slipped past it", async () => {
  await database.query(`
    alter table assets disable trigger all;
    update assets set "tenantId" = '${nobody}', "clientId" = null where id = 6;
  `);
  const findings = await audit();
  expect(findings.filter(({ rule }) => rule === "db/orphan-rows")).toMatchObject([
    { evidence: { rows: 1, sample: [6] } },
  ]);
  expect(findings.filter(({ rule }) => rule === "db/unvalidated-foreign-key")).not.toEqual([]);

  await database.query(`update assets set "tenantId" = '${tenantA}' where id = 6`);
  const steps = findings
    .filter(({ rule }) => rule === "db/unvalidated-foreign-key")
    .flatMap(({ remedySteps }) => remedySteps ?? []);
  for (const step of steps) await database.query(step);
  expect(await audit()).toEqual([]);
});

test("rows that a valid constraint never saw are found with --deep only", async () => {
  await database.query(`
    set session_replication_role = replica;
    update assets set "tenantId" = '${nobody}', "clientId" = null where id = 6;
    set session_replication_role = default;
  `);
  expect(await audit()).toEqual([]);
  const deep = await auditFindings(database.url, sampleSchema, { deep: true });
  expect(deep).toMatchObject([{ rule: "db/orphan-rows", evidence: { rows: 1, sample: [6] } }]);
  await database.query(`update assets set "tenantId" = '${tenantA}' where id = 6`);
});
