import { afterAll, beforeAll, expect, test } from "vitest";
import { auditFindings } from "../../support/audit.js";
import { createDatabase, type TestDatabase, urlOf } from "../../support/database.js";
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

  // Nor to a role that may not see what another's session does.
  const role = `builder_${process.pid}`;
  await database.query(
    `create role ${role} login password 'x'; grant select on all tables in schema public to ${role}`,
  );
  const asRole = urlOf(database.url, database.name, { name: role, password: "x" });
  expect(await auditFindings(asRole, sampleSchema)).toEqual([]);
  await database.query(`drop owned by ${role}; drop role ${role}`);
  await blocker.query("rollback");
  await building;
  await Promise.all([blocker.end(), builder.end()]);
  await database.query("drop index assets_busy");
});

test("what a failed REINDEX CONCURRENTLY leaves is to be dropped, not rebuilt", async () => {
  await database.query(`
    create index "assets_tenantId_idx_ccnew" on assets ("tenantId");
    update pg_index set indisvalid = false where indexrelid = '"assets_tenantId_idx_ccnew"'::regclass;
  `);
  const [finding] = await audit();
  expect(finding?.remedySteps).toEqual(['DROP INDEX CONCURRENTLY "public"."assets_tenantId_idx_ccnew";']);
  await database.query(finding!.remedySteps![0]!);
  expect(await audit()).toEqual([]);
});

test("an invalid index on a partition of a partition is seen", async () => {
  const schema =
    sampleSchema.replace("assets Asset[]\n  @@map", "assets Asset[]\n  events Event[]\n  @@map") +
    'model Event {\n  id Int\n  tenantId String @db.Uuid\n  tenant Tenant @relation(fields: [tenantId], references: [id])\n  @@id([tenantId, id])\n  @@map("events")\n}';
  await database.query(`
    create table events (id int not null, "tenantId" uuid not null references tenants (id), primary key ("tenantId", id)) partition by hash ("tenantId");
    create table events_0 partition of events for values with (modulus 1, remainder 0) partition by range (id);
    create table events_0_0 partition of events_0 default;
    create index deep on events_0_0 (id);
    update pg_index set indisvalid = false where indexrelid = 'deep'::regclass;
  `);
  expect(await audit(schema)).toMatchObject([
    { rule: "db/invalid-index", subject: { model: "Event", table: "events_0_0", index: "deep" } },
  ]);
  await database.query("drop table events");
});
