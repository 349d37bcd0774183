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

const column = { model: "Asset", schema: "public", table: "assets", column: "tenantId" };

test("no index leads with the tenant column: 0, then found with the statement that mends it, then 0", async () => {
  expect(await audit()).toEqual([]);

  await database.query('drop index "assets_tenantId_idx"');
  const findings = await audit();
  expect(findings).toMatchObject([{ rule: "db/missing-index", subject: column }]);
  expect(findings[0]?.remedySteps).toHaveLength(1);

  await database.query(findings[0]!.remedySteps![0]!);
  expect(await audit()).toEqual([]);
});

test.each([
  ['create index i on assets (id, "tenantId")', 1],
  ['create index i on assets ("tenantId") where id > 10', 1],
  ['create index i on assets (lower("tenantId"::text))', 1],
  ['create index i on assets using brin ("tenantId")', 1],
  ['create index i on assets ("tenantId") where "tenantId" is not null', 0],
  ['create index i on assets using hash ("tenantId")', 0],
  ['create index i on assets ("tenantId" desc, id)', 0],
])("%s leaves %i findings", async (statement, number) => {
  await database.query('drop index "assets_tenantId_idx"');
  await database.query(statement);
  expect(await audit()).toHaveLength(number);
  await database.query('drop index i; create index "assets_tenantId_idx" on assets ("tenantId")');
});

test("a partitioned table counts its own index, or one on every partition", async () => {
  const schema =
    sampleSchema.replace("assets Asset[]\n  @@map", "assets Asset[]\n  events Event[]\n  @@map") +
    'model Event {\n  id Int\n  tenantId String @db.Uuid\n  tenant Tenant @relation(fields: [tenantId], references: [id])\n  @@id([id, tenantId])\n  @@index([tenantId])\n  @@map("events")\n}';
  await database.query(`
    create table events (id int, "tenantId" uuid not null references tenants (id), primary key (id, "tenantId")) partition by hash ("tenantId");
    create table events_0 partition of events for values with (modulus 2, remainder 0);
    create table events_1 partition of events for values with (modulus 2, remainder 1);
  `);
  const missing = [{ rule: "db/missing-index", subject: { table: "events" } }];
  expect(await audit(schema)).toMatchObject(missing);

  await database.query('create index on events_0 ("tenantId")');
  expect(await audit(schema)).toMatchObject(missing);
  await database.query('create index on events_1 ("tenantId")');
  expect(await audit(schema)).toEqual([]);

  await database.query(
    "drop table events_0; create table events_0 partition of events for values with (modulus 2, remainder 0)",
  );
  expect(await audit(schema)).toMatchObject(missing);
  await database.query('create index on events ("tenantId")');
  expect(await audit(schema)).toEqual([]);
  await database.query("drop table events");
});

test("an index in another collation or order: what no query can use does not count", async () => {
  const schema = sampleSchema.replaceAll("@db.Uuid", "");
  const other = await createDatabase();
  try {
    await other.query(
      `${sampleTables.replaceAll("uuid", "text")}; insert into assets select 500, 'gone', null where false`,
    );
    const found = async (index: string) => {
      await other.query(
        `drop index "assets_tenantId_idx"; create index "assets_tenantId_idx" on assets ${index}`,
      );
      return auditFindings(other.url, schema);
    };
    expect(await found('("tenantId" collate "C")')).toMatchObject([
      { rule: "db/missing-index", message: expect.stringMatching(/has another collation than the column/) },
    ]);
    for (const index of ['("tenantId" text_pattern_ops)', '("tenantId" nulls first)', '("tenantId" desc)']) {
      expect(await found(index), index).toEqual([]);
    }
    // Such an index can't be walked in order: the orphans are found another way.
    await other.query(`
      alter table assets drop constraint "assets_tenantId_fkey";
      insert into assets values (900, 'nobody', null), (901, 'nobody', null);
    `);
    for (const index of ['("tenantId" text_pattern_ops)', '("tenantId" nulls first)']) {
      const rows = (await found(index)).filter(({ rule }) => rule === "db/orphan-rows");
      expect(rows, index).toMatchObject([{ evidence: { rows: 2 } }]);
    }
  } finally {
    await other.drop();
  }
});

test("a partial index that bears the usual name: the remedy takes another", async () => {
  await database.query(
    'drop index "assets_tenantId_idx"; create index "assets_tenantId_idx" on assets ("tenantId") where id > 10',
  );
  const [finding] = await audit();
  expect(finding?.remedy).toContain('map: "assets_tenantId_idx_2"');
  await database.query(finding!.remedySteps![0]!);
  expect(await audit()).toEqual([]);
  await database.query(
    'drop index "assets_tenantId_idx", "assets_tenantId_idx_2"; create index "assets_tenantId_idx" on assets ("tenantId")',
  );
});
