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

test("a tenant column tied to another table: 0, then one finding, then 0", async () => {
  expect(await audit()).toEqual([]);

  await database.query(`
    create table old_tenants as table tenants;
    alter table old_tenants add primary key (id);
    alter table assets drop constraint "assets_tenantId_fkey";
    alter table assets add constraint to_old foreign key ("tenantId") references old_tenants (id);
  `);
  expect(await audit()).toMatchObject([
    {
      rule: "db/wrong-foreign-key-target",
      subject: {
        model: "Asset",
        table: "assets",
        column: "tenantId",
        constraint: "to_old",
        references: "public.old_tenants.id",
      },
      evidence: { expected: "public.tenants.id" },
    },
  ]);

  for (const step of (await audit())[0]?.remedySteps ?? []) await database.query(step);
  // Nothing points at the old table any more.
  await database.query("drop table old_tenants");
  expect(await audit()).toEqual([]);
});

test("beside the right one, another constraint on the column is no fault", async () => {
  await database.query(`
    create table plans (tenant uuid primary key references tenants (id));
    insert into plans select id from tenants;
    alter table assets add constraint to_plan foreign key ("tenantId") references plans (tenant);
  `);
  expect(await audit()).toEqual([]);
  await database.query("alter table assets drop constraint to_plan; drop table plans");
});
