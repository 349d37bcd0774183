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

const add =
  'alter table assets add constraint "assets_tenantId_fkey" foreign key ("tenantId") references tenants (id)';

test("a tenant column without a foreign key: 0, then found with the statements that mend it, then 0", async () => {
  expect(await audit()).toEqual([]);

  await database.query('alter table assets drop constraint "assets_tenantId_fkey"');
  const findings = await audit();
  expect(findings).toMatchObject([
    {
      rule: "db/missing-foreign-key",
      subject: { model: "Asset", table: "assets", column: "tenantId", references: "public.tenants.id" },
    },
  ]);

  for (const step of findings[0]?.remedySteps ?? []) await database.query(step);
  expect(await audit()).toEqual([]);
});

test("a relation that the schema declares and the database lacks", async () => {
  await database.query('alter table lines drop constraint "lines_assetId_fkey"');
  expect(await audit()).toMatchObject([
    {
      rule: "db/missing-foreign-key",
      subject: { model: "Line", table: "lines", column: "assetId", references: "public.assets.id" },
    },
  ]);
  await database.query(
    'alter table lines add constraint "lines_assetId_fkey" foreign key ("assetId") references assets (id)',
  );
});

test("where PostgreSQL would refuse the constraint, the remedy says what to do first, and no statement", async () => {
  const other = await createDatabase();
  try {
    await other.query(sampleTables);
    await other.query(
      'alter table assets drop constraint "assets_tenantId_fkey", alter "tenantId" type text using "tenantId"::text',
    );
    const wrongType = (await auditFindings(other.url, sampleSchema)).find(
      ({ rule }) => rule === "db/missing-foreign-key",
    );
    expect(wrongType).toMatchObject({
      remedySteps: [],
      remedy: expect.stringMatching(/of type text, to public\.tenants\.id, of type uuid/),
    });

    await other.query(
      'alter table assets alter "tenantId" type uuid using "tenantId"::uuid; alter table tenants drop constraint tenants_pkey cascade',
    );
    const noKey = (await auditFindings(other.url, sampleSchema)).filter(
      ({ rule }) => rule === "db/missing-foreign-key",
    );
    expect(noKey.length).toBeGreaterThan(0);
    for (const finding of noKey)
      expect(finding).toMatchObject({
        remedySteps: [],
        remedy: expect.stringMatching(/public\.tenants yet: it has no unique key on \(id\)/),
      });
  } finally {
    await other.drop();
  }
});

test("a composite foreign key covers the tenant column only where it always holds", async () => {
  await database.query(`
    alter table assets drop constraint "assets_tenantId_fkey";
    alter table clients add unique ("tenantId", id);
    alter table assets add constraint by_client foreign key ("tenantId", "clientId") references clients ("tenantId", id);
  `);
  const [finding, ...others] = await audit();
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ rule: "db/missing-foreign-key", subject: { column: "tenantId" } });
  expect(finding?.message).toContain("by_client holds it only where no other column of that key is null");

  await database.query('alter table assets alter "clientId" set not null');
  expect((await audit()).map(({ rule }) => rule)).toEqual(["db/schema-drift"]);
  await database.query('alter table assets alter "clientId" drop not null, drop constraint by_client');
  await database.query(add);
  expect(await audit()).toEqual([]);
});

test("the remedy declares what Prisma declares: the relation's actions, and CASCADE in join tables", async () => {
  const schema = `${sampleSchema.replace("client Client? @relation(fields: [clientId], references: [id])", 'client Client? @relation(fields: [clientId], references: [id], onDelete: Cascade)\n  watchers Client[] @relation("W")').replace("assets Asset[]\n  @@unique", 'assets Asset[]\n  watched Asset[] @relation("W")\n  @@unique')}`;
  await database.query(`
    alter table assets drop constraint "assets_clientId_fkey", drop constraint "assets_tenantId_fkey";
    create table "_W" ("A" int not null, "B" int not null, constraint "_W_AB_pkey" primary key ("A", "B"));
  `);
  const steps = (await audit(schema)).map(({ remedySteps }) => remedySteps?.[0]);
  expect(steps).toEqual([
    expect.stringContaining(
      '("tenantId") REFERENCES "public"."tenants" ("id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID',
    ),
    expect.stringContaining(
      '("clientId") REFERENCES "public"."clients" ("id") ON DELETE CASCADE ON UPDATE CASCADE NOT VALID',
    ),
    expect.stringContaining(
      '"_W_A_fkey" FOREIGN KEY ("A") REFERENCES "public"."assets" ("id") ON DELETE CASCADE ON UPDATE CASCADE',
    ),
    expect.stringContaining('"_W_B_fkey"'),
  ]);
  for (const finding of await audit(schema))
    for (const step of finding.remedySteps ?? []) await database.query(step);
  expect(await audit(schema)).toEqual([]);
  await database.query(
    'drop table "_W"; alter table assets drop constraint "assets_clientId_fkey"; alter table assets add constraint "assets_clientId_fkey" foreign key ("clientId") references clients (id)',
  );
});

test("a composite constraint that always holds stands for the simple one that the schema declares", async () => {
  await database.query(`
    alter table clients add unique (id, "tenantId");
    alter table assets drop constraint "assets_clientId_fkey";
    alter table assets add constraint composite foreign key ("clientId", "tenantId") references clients (id, "tenantId");
  `);
  expect(await audit()).toEqual([]);
  await database.query(
    'alter table assets drop constraint composite; alter table assets add constraint "assets_clientId_fkey" foreign key ("clientId") references clients (id)',
  );
});

test("a partitioned table is tied where each of its partitions is, by a constraint that proves it", async () => {
  await database.query(`
    alter table lines drop constraint "lines_assetId_fkey";
    alter table assets rename to old_assets;
    create table assets (id int, "tenantId" uuid not null, "clientId" int) partition by list ("tenantId");
    create table assets_a partition of assets for values in ('${tenantA}');
    create table assets_rest partition of assets default;
    create index on assets ("tenantId");
    alter table assets_a add foreign key ("tenantId") references tenants (id);
    alter table assets_a add foreign key ("clientId") references clients (id);
    alter table assets_rest add foreign key ("tenantId") references tenants (id);
    alter table assets_rest add foreign key ("clientId") references clients (id);
  `);
  const found = async () =>
    (await auditFindings(database.url, sampleSchema))
      .filter(({ rule, subject }) => rule === "db/missing-foreign-key" && subject.table === "assets")
      .map(({ subject }) => subject.column);
  expect(await found()).toEqual([]);

  await database.query(`
    alter table assets_rest drop constraint "assets_rest_tenantId_fkey", drop constraint "assets_rest_clientId_fkey";
    alter table assets_rest add foreign key ("tenantId") references tenants (id) not valid;
  `);
  expect(await found()).toEqual(["tenantId", "clientId"]);
});
