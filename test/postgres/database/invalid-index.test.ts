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

const build = (name: string, columns: string) =>
  database
    .query(`create unique index concurrently ${name} on assets (${columns})`)
    .catch((error) => error.code);

test("what a failed concurrent build leaves: 0, then found, then 0", async () => {
  expect(await audit()).toEqual([]);

  expect(await build("assets_client_key", '"clientId"')).toBe("23505");
  expect(await audit()).toMatchObject([
    {
      rule: "db/invalid-index",
      subject: { model: "Asset", table: "assets", index: "assets_client_key" },
      evidence: { isUnique: true },
    },
  ]);

  await database.query("drop index assets_client_key");
  expect(await audit()).toEqual([]);
});

test("where it was to lead with the tenant column and nothing else does, it is still one finding", async () => {
  await database.query('drop index "assets_tenantId_idx"');
  expect(await build("assets_tenant_key", '"tenantId"')).toBe("23505");
  const findings = await audit();
  expect(findings).toMatchObject([
    { rule: "db/invalid-index", subject: { index: "assets_tenant_key", column: "tenantId" } },
  ]);
  expect(findings[0]?.message).toContain("tenantId has no other");
  await database.query(
    'drop index assets_tenant_key; create index "assets_tenantId_idx" on assets ("tenantId")',
  );
  expect(await audit()).toEqual([]);
});

test("a build in progress looks invalid too, and is none", async () => {
  const { default: pg } = await import("pg");
  const [blocker, builder] = [new pg.Client(database.url), new pg.Client(database.url)];
  await Promise.all([blocker.connect(), builder.connect()]);
  await blocker.query("begin; update assets set id = id where id = 1");
  const building = builder.query('create index concurrently assets_busy on assets ("clientId")');
  await expect
    .poll(async () => (await database.query("select 1 from pg_stat_progress_create_index")).length, {
      timeout: 10_000,
    })
    .toBe(1);
  expect(await audit()).toEqual([]);
  await blocker.query("rollback");
  await building;
  await Promise.all([blocker.end(), builder.end()]);
  await database.query("drop index assets_busy");
});
