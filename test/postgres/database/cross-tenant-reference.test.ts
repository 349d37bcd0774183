import { afterAll, beforeAll, expect, test } from "vitest";
import { auditFindings, auditOutcomes } from "../../support/audit.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { sampleSchema, sampleTables, tenantA, tenantB } from "../../support/sample-application.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
});
afterAll(() => database.drop());
const audit = (schema = sampleSchema) => auditFindings(database.url, schema);

test("rows that point at another tenant's row: 0, then found with pairs and sample, then 0", async () => {
  expect(await audit()).toEqual([]);

  await database.query(
    'update assets set "clientId" = 101 where id in (1, 2); update assets set "clientId" = 1 where id = 101',
  );
  expect(await audit()).toMatchObject([
    {
      rule: "db/cross-tenant-reference",
      subject: {
        model: "Asset",
        schema: "public",
        table: "assets",
        column: "clientId",
        references: "public.clients.id",
      },
      evidence: {
        rows: 3,
        pairs: [
          { tenant: tenantA, parentTenant: tenantB, rows: 2 },
          { tenant: tenantB, parentTenant: tenantA, rows: 1 },
        ],
        sample: [1, 2, 101],
      },
    },
  ]);

  await database.query(
    'update assets set "clientId" = 1 where id < 100; update assets set "clientId" = 101 where id > 100',
  );
  expect(await audit()).toEqual([]);
});

const chained = `${sampleSchema.replace("lines Line[]", "lines Line[]\n  parts Part[]").replace("note String?", "note String?\n  parts Part[]")}
model Part {
  id Int @id
  lineId Int
  line Line @relation(fields: [lineId], references: [id])
  assetId Int?
  asset Asset? @relation(fields: [assetId], references: [id])
  @@map("parts")
}`;

test("through a chain of parents: a part's tenant is its line's asset's", async () => {
  await database.query(
    'create table parts (id int primary key, "lineId" int not null references lines (id), "assetId" int references assets (id))',
  );
  await database.query(
    "insert into parts values (1, 1, 2), (2, 1, 101), (3, 102, null), (4, 101, 1), (5, 101, 1)",
  );
  expect(await audit(chained)).toMatchObject([
    {
      rule: "db/cross-tenant-reference",
      subject: { table: "parts", column: "assetId" },
      evidence: { rows: 3, sample: [2, 4, 5] },
    },
  ]);
  await database.query("drop table parts");
});

const tagged = `${sampleSchema.replace("lines Line[]", 'lines Line[]\n  clients2 Client[] @relation("Watchers")').replace("assets Asset[]\n  @@unique", 'assets Asset[]\n  watched Asset[] @relation("Watchers")\n  @@unique')}`;

test("in an implicit many-to-many table", async () => {
  await database.query(`
    create table "_Watchers" ("A" int not null, "B" int not null, constraint "_Watchers_AB_pkey" primary key ("A", "B"));
    create index "_Watchers_B_index" on "_Watchers" ("B");
    alter table "_Watchers" add constraint "_Watchers_A_fkey" foreign key ("A") references assets (id);
    alter table "_Watchers" add constraint "_Watchers_B_fkey" foreign key ("B") references clients (id);
    insert into "_Watchers" values (1, 1), (2, 101), (101, 101);
  `);
  expect(await audit(tagged)).toMatchObject([
    {
      rule: "db/cross-tenant-reference",
      subject: { table: "_Watchers", column: "B", references: "public.clients.id" },
      evidence: { rows: 1, sample: [{ A: 2, B: 101 }] },
    },
  ]);
  await database.query('drop table "_Watchers"');
});

const favoured = sampleSchema
  .replace(
    "  assets Asset[]\n  @@map",
    '  assets Asset[]\n  mainId Int?\n  main Client? @relation("Main", fields: [mainId], references: [id])\n  @@map',
  )
  .replace(
    "  assets Asset[]\n  @@unique",
    '  assets Asset[]\n  mainOf Tenant[] @relation("Main")\n  @@unique',
  );

test("a tenant's own row is that tenant's, and may point at another's", async () => {
  await database.query(
    'alter table tenants add "mainId" int constraint "tenants_mainId_fkey" references clients (id)',
  );
  await database.query(`update tenants set "mainId" = 101`);
  expect(await audit(favoured)).toMatchObject([
    {
      rule: "db/cross-tenant-reference",
      subject: { model: "Tenant", table: "tenants", column: "mainId" },
      evidence: { rows: 1, sample: [tenantA], pairs: [{ tenant: tenantA, parentTenant: tenantB, rows: 1 }] },
    },
  ]);
  await database.query('alter table tenants drop column "mainId"');
});

test("a tree of tenants is no leak", async () => {
  const tree = sampleSchema.replace(
    "  assets Asset[]\n  @@map",
    '  assets Asset[]\n  parentId String? @db.Uuid\n  parent Tenant? @relation("Tree", fields: [parentId], references: [id])\n  branches Tenant[] @relation("Tree")\n  @@map',
  );
  await database.query(
    'alter table tenants add "parentId" uuid constraint "tenants_parentId_fkey" references tenants (id)',
  );
  await database.query(`update tenants set "parentId" = '${tenantB}' where id = '${tenantA}'`);
  expect(await audit(tree)).toEqual([]);
  await database.query('alter table tenants drop column "parentId"');
});

test("a composite foreign key that holds the tenant proves it: nothing is read", async () => {
  await database.query(`
    alter table clients add unique ("tenantId", id);
    alter table assets add constraint same_tenant foreign key ("tenantId", "clientId") references clients ("tenantId", id);
  `);
  const [outcome] = await auditOutcomes(database.url, sampleSchema, { checks: ["references"] });
  expect(outcome?.facts.scanned).toEqual([]);
  expect(outcome?.facts.proven).toContainEqual({
    what: "assets.clientId → clients",
    basis: "constraint",
    by: "same_tenant",
  });

  const [deep] = await auditOutcomes(database.url, sampleSchema, { checks: ["references"], deep: true });
  expect(deep?.facts.scanned).toHaveLength(1);
  expect(deep?.drafts).toEqual([]);

  // Not valid, it proves nothing; and the two constraints are still one question.
  await database.query(`
    alter table assets drop constraint same_tenant;
    update assets set "clientId" = 101 where id = 8;
    alter table assets add constraint same_tenant foreign key ("tenantId", "clientId") references clients ("tenantId", id) not valid;
  `);
  const crossing = (await audit()).filter(({ rule }) => rule === "db/cross-tenant-reference");
  expect(crossing).toMatchObject([{ subject: { column: "clientId" }, evidence: { rows: 1, sample: [8] } }]);
  await database.query('update assets set "clientId" = 1 where id = 8');
  await database.query("alter table assets drop constraint same_tenant");
});

test("by a merge of index-only scans, where indexes hold key and tenant on both sides", async () => {
  await database.query('create unique index on clients (id, "tenantId")');
  await database.query('create index on assets ("clientId", "tenantId")');
  await database.query('update assets set "clientId" = 101 where id = 9');
  await database.query("vacuum (freeze, analyze) clients");
  await database.query("vacuum (freeze, analyze) assets");
  const [outcome] = await auditOutcomes(database.url, sampleSchema, { checks: ["references"] });
  expect(outcome?.facts.scanned).toMatchObject([{ way: "merge anti-join of index-only scans" }]);
  expect(outcome?.drafts).toMatchObject([
    { evidence: { rows: 1, sample: [9], pairs: [{ tenant: tenantA, parentTenant: tenantB, rows: 1 }] } },
  ]);
});
