import { afterAll, beforeAll, expect, test } from "vitest";
import { auditFindings, auditOutcomes } from "../../support/audit.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { nobody, sampleSchema, sampleTables, tenantA } from "../../support/sample-application.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
});
afterAll(() => database.drop());
const audit = (schema = sampleSchema) => auditFindings(database.url, schema);

test("rows of a tenant that is gone: 0, then found with count and sample, then 0", async () => {
  expect(await audit()).toEqual([]);

  await database.query(`
    alter table assets drop constraint "assets_tenantId_fkey";
    update assets set "tenantId" = '${nobody}', "clientId" = null where id in (3, 5, 7);
  `);
  const findings = await audit();
  expect(findings.map(({ rule }) => rule).sort()).toEqual(["db/missing-foreign-key", "db/orphan-rows"]);
  expect(findings.find(({ rule }) => rule === "db/orphan-rows")).toMatchObject({
    subject: { model: "Asset", schema: "public", table: "assets", column: "tenantId" },
    evidence: { rows: 3, tenants: [{ tenant: nobody, rows: 3 }], sample: [3, 5, 7], basis: "scan" },
  });

  await database.query(`
    update assets set "tenantId" = '${tenantA}', "clientId" = 1 where "tenantId" = '${nobody}';
    alter table assets add constraint "assets_tenantId_fkey" foreign key ("tenantId") references tenants (id);
  `);
  expect(await audit()).toEqual([]);
});

test("children of a parent that is gone", async () => {
  await database.query(`
    alter table lines drop constraint "lines_assetId_fkey";
    update lines set "assetId" = 999 where id between 11 and 14;
  `);
  const orphan = (await audit()).find(({ rule }) => rule === "db/orphan-rows");
  expect(orphan).toMatchObject({
    subject: { model: "Line", table: "lines", column: "assetId", references: "public.assets.id" },
    evidence: { rows: 4, sample: [11, 12, 13, 14] },
  });
  await database.query(`
    update lines set "assetId" = id where "assetId" = 999;
    alter table lines add constraint "lines_assetId_fkey" foreign key ("assetId") references assets (id);
  `);
  expect(await audit()).toEqual([]);
});

test("a row whose parent is gone is an orphan, whatever its own tenant", async () => {
  await database.query(`
    alter table assets drop constraint "assets_clientId_fkey";
    update assets set "clientId" = 888 where id in (1, 101);
  `);
  const findings = await audit();
  expect(findings.find(({ rule }) => rule === "db/orphan-rows")).toMatchObject({
    subject: { table: "assets", column: "clientId" },
    evidence: { rows: 2, sample: [1, 101] },
  });
  expect(findings.some(({ rule }) => rule === "db/cross-tenant-reference")).toBe(false);
  await database.query(`
    update assets set "clientId" = null where "clientId" = 888;
    alter table assets add constraint "assets_clientId_fkey" foreign key ("clientId") references clients (id);
  `);
  expect(await audit()).toEqual([]);
});

test("a row that has lost the way to its tenant is still asked for its other parents", async () => {
  const schema = `${sampleSchema.replace("lines Line[]", "lines Line[]\n  parts Part[]").replace("note String?", "note String?\n  parts Part[]")}
model Part {
  id Int @id
  lineId Int
  line Line @relation(fields: [lineId], references: [id])
  assetId Int?
  asset Asset? @relation(fields: [assetId], references: [id])
  @@map("parts")
}`;
  await database.query(
    'create table parts (id int primary key, "lineId" int not null, "assetId" int); insert into parts values (1, 900, 901), (2, 1, 1)',
  );
  const orphans = (await auditFindings(database.url, schema)).filter(({ rule }) => rule === "db/orphan-rows");
  orphans.sort((left, right) => (left.subject.column! < right.subject.column! ? 1 : -1));
  expect(orphans).toMatchObject([
    { subject: { table: "parts", column: "lineId" }, evidence: { rows: 1, sample: [1] } },
    { subject: { table: "parts", column: "assetId" }, evidence: { rows: 1, sample: [1] } },
  ]);
  await database.query("drop table parts");
});

test("the walk over distinct tenants is given up where statistics promised fewer, and not begun where they say many", async () => {
  const many = await createDatabase();
  try {
    await many.query(`
      create table tenants (id uuid primary key, name text not null);
      create table clients (id int primary key, "tenantId" uuid not null, code text not null);
      create unique index on clients ("tenantId", code);
      create table assets (id int primary key, "tenantId" uuid not null, "clientId" int);
      create index on assets ("tenantId");
      create table lines (id int primary key, "assetId" int not null, note text);
      insert into tenants select md5(i::text)::uuid, 't' from generate_series(1, 3000) as i;
      insert into assets select i, md5((1 + i % 3001)::text)::uuid, null from generate_series(1, 12004) as i;
      analyze;
    `);
    const scanOf = async () => {
      const [outcome] = await auditOutcomes(many.url, sampleSchema, { checks: ["orphans"] });
      const scanned = outcome!.facts.scanned as { what: string; way: string; why: string }[];
      expect(outcome!.drafts).toMatchObject([{ evidence: { rows: 4, tenants: [{ rows: 4 }] } }]);
      return scanned.filter(({ what }) => what === "assets.tenantId").map(({ way, why }) => `${way}: ${why}`);
    };
    expect(await scanOf()).toEqual([
      expect.stringMatching(/^hash anti-join: about 3\d\d\d distinct tenants in 12004 rows/),
    ]);

    await many.query('alter table assets alter column "tenantId" set (n_distinct = 5); analyze assets');
    expect(await scanOf()).toEqual([
      expect.stringMatching(/^loose index scan: /),
      "hash anti-join: more distinct tenants than statistics promised",
    ]);

    await many.query(`
      delete from assets where id > 100;
      update assets set "tenantId" = md5('7')::uuid;
      insert into assets select i, md5('gone')::uuid, null from generate_series(20001, 20004) as i;
      alter table assets alter column "tenantId" reset (n_distinct);
      analyze assets;
    `);
    expect(await scanOf()).toEqual([expect.stringMatching(/^loose index scan: /)]);
  } finally {
    await many.drop();
  }
});
