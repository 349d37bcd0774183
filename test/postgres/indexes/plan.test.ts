import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { indexPlan } from "../../support/index-plan.js";
import { firstMigration, nextMigration } from "../../support/schema-engine.js";

/** Two levels: a unit of a tenant, and what belongs to it. */
const schemaOf = (more = "", lines = "") => `datasource db {
  provider = "postgresql"
}
generator client {
  provider = "prisma-client"
  output = "./generated"
}
model Tenant {
  id String @id @db.Uuid
  units BusinessUnit[]
  usages SupplyUsage[]
  @@map("tenants")
}
model BusinessUnit {
  id String @id @db.Uuid
  tenantId String @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
  usages SupplyUsage[]
  @@index([tenantId])
  @@map("business_units")
}
model SupplyUsage {
  id Int @id
  tenantId String @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
  businessUnitId String @db.Uuid
  unit BusinessUnit @relation(fields: [businessUnitId], references: [id])
  parentId Int?
${lines}
  @@index([tenantId])
  @@map("supply_usages")
}
${more}`;
const lists = { "tenant-scoped": ["BusinessUnit"], "sub-scoped": ["SupplyUsage"] };
const names = (indexes: readonly { name: string }[]) => indexes.map(({ name }) => name);

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(await firstMigration(database.url, schemaOf()));
});
afterAll(() => database.drop());

describe("index/missing-composite", () => {
  test("0, then found with the statement that mends it, then 0", async () => {
    const composite = 'create index composite on supply_usages ("tenantId", "businessUnitId")';
    await database.query(composite);
    expect((await indexPlan(database.url, schemaOf(), lists)).drafts).toEqual([]);

    await database.query("drop index composite");
    const { drafts, indexes, plan, obstacle } = await indexPlan(database.url, schemaOf(), lists);
    expect(obstacle).toBeUndefined();
    expect(drafts).toMatchObject([
      {
        rule: "index/missing-composite",
        subject: { model: "SupplyUsage", table: "supply_usages", index: "supply_usages_tenant_bu_idx" },
        remedySteps: [
          'CREATE INDEX CONCURRENTLY "supply_usages_tenant_bu_idx" ON "public"."supply_usages" ("tenantId", "businessUnitId");',
        ],
      },
    ]);
    expect(indexes).toMatchObject([
      {
        schema: "public",
        table: "supply_usages",
        name: "supply_usages_tenant_bu_idx",
        columns: [{ column: "tenantId" }, { column: "businessUnitId" }],
      },
    ]);
    // It leads with what the other one is.
    expect(plan.proposals[0]!.replaces).toEqual(["supply_usages_tenantId_idx"]);
    expect(plan.notProposed.map(({ what }) => what)).toEqual([
      "an index that leads with businessUnitId of public.supply_usages",
      "indexes for costly statements",
      "the planner's word on each proposal",
    ]);

    await database.query(drafts[0]!.remedySteps![0]!);
    expect((await indexPlan(database.url, schemaOf(), lists)).drafts).toEqual([]);
    await database.query("drop index supply_usages_tenant_bu_idx");
  });

  test.each([
    ["the other way round it answers the same", '("businessUnitId", "tenantId")', 0],
    ["with more behind it", '("tenantId", "businessUnitId", id)', 0],
    ["with something between", '("tenantId", id, "businessUnitId")', 1],
    ["for some rows only", '("tenantId", "businessUnitId") where id > 1', 1],
    ["by another method", 'using brin ("tenantId", "businessUnitId")', 1],
    ["carried only", '("tenantId") include ("businessUnitId")', 1],
  ])("an index %s", async (_, definition, number) => {
    await database.query(`create index other on supply_usages ${definition}`);
    const { indexes } = await indexPlan(database.url, schemaOf(), lists);
    await database.query("drop index other");
    expect(indexes.filter(({ columns }) => columns.length === 2)).toHaveLength(number);
  });

  test("an invalid one that would do is to be mended, not joined by another", async () => {
    await database.query('create index other on supply_usages ("tenantId", "businessUnitId")');
    await database.query("update pg_index set indisvalid = false where indexrelid = 'other'::regclass");
    const { indexes, plan } = await indexPlan(database.url, schemaOf(), lists);
    await database.query("drop index other");
    expect(indexes).toEqual([]);
    expect(plan.notProposed).toContainEqual({
      what: "an index of public.supply_usages on (tenantId, businessUnitId)",
      why: "public.other is that, and is invalid: tenantctl index usage says how to mend it",
    });
  });

  test("a taken name gets a number, and the schema's own name is taken where it declares the index", async () => {
    await database.query("create table supply_usages_tenant_bu_idx (id int)");
    expect(names((await indexPlan(database.url, schemaOf(), lists)).indexes)).toEqual([
      "supply_usages_tenant_bu_idx_2",
    ]);
    await database.query("drop table supply_usages_tenant_bu_idx");
    const declared = schemaOf("", '  @@index([tenantId, businessUnitId], map: "by_unit")');
    const { indexes, plan } = await indexPlan(database.url, declared, lists);
    expect(names(indexes)).toEqual(["by_unit"]);
    expect(plan.proposals[0]!.line).toBeNull();
  });

  test("a model that the registry scopes by tenants only is not asked for its unit", async () => {
    const flat = { "tenant-scoped": ["BusinessUnit", "SupplyUsage"] };
    const { indexes } = await indexPlan(database.url, schemaOf(), flat);
    expect(indexes.filter(({ columns }) => columns.length === 2)).toEqual([]);
  });
});

describe("index/missing-foreign-key-index", () => {
  const related = schemaOf(
    "model Receipt {\n  id Int @id\n  usages SupplyUsage[]\n}",
    "  receiptId Int?\n  receipt Receipt? @relation(fields: [receiptId], references: [id])\n  @@index([tenantId, businessUnitId])",
  );

  test("0, then found with the statement that mends it, then 0", async () => {
    const other = await createDatabase();
    try {
      await other.query(await firstMigration(other.url, related));
      await other.query('create index led on supply_usages ("receiptId", id)');
      expect((await indexPlan(other.url, related, lists)).drafts).toEqual([]);

      await other.query("drop index led");
      const { drafts } = await indexPlan(other.url, related, lists);
      expect(drafts).toMatchObject([
        {
          rule: "index/missing-foreign-key-index",
          subject: { table: "supply_usages", constraint: "supply_usages_receiptId_fkey" },
          remedyPrisma: { schema: [{ model: "SupplyUsage", add: ["@@index([receiptId])"] }] },
        },
      ]);
      await other.query(drafts[0]!.remedySteps![0]!);
      expect((await indexPlan(other.url, related, lists)).drafts).toEqual([]);
    } finally {
      await other.drop();
    }
  });

  test("behind the tenant it is enough, until parents are deleted", async () => {
    await database.query('create index composite on supply_usages ("tenantId", "businessUnitId")');
    expect((await indexPlan(database.url, schemaOf(), lists)).indexes).toEqual([]);
    await database.query(`
      insert into tenants values (gen_random_uuid());
      insert into business_units select gen_random_uuid(), (select id from tenants) from generate_series(1, 20);
      delete from business_units;
      select pg_stat_force_next_flush();
    `);
    const { drafts, indexes } = await indexPlan(database.url, schemaOf(), lists);
    expect(names(indexes)).toEqual(["supply_usages_businessUnitId_idx"]);
    expect(drafts[0]!.message).toContain("deleted so far: 20");
    await database.query("drop index composite");
  });
});

test("Prisma's next migration is empty once the plan is built, here and from the migrations alone", async () => {
  const schema = schemaOf(
    "model Receipt {\n  id Int @id\n  usages SupplyUsage[]\n}",
    "  receiptId Int?\n  receipt Receipt? @relation(fields: [receiptId], references: [id])",
  );
  const live = await createDatabase();
  const fresh = await createDatabase();
  try {
    const made = await firstMigration(live.url, schema);
    for (const each of [live, fresh]) await each.query(made);
    const { drafts } = await indexPlan(live.url, schema, lists);
    expect(drafts).toHaveLength(2);
    for (const step of drafts.flatMap(({ remedySteps = [] }) => remedySteps)) await live.query(step);
    const edits = drafts.flatMap(({ remedyPrisma }) => remedyPrisma?.schema ?? []);
    const after = edits.reduce(
      (text, { model, add = [] }) =>
        text.replace(new RegExp(`(model ${model} \\{[^}]*)\\}`), (_, head) => `${head}${add.join("\n")}\n}`),
      schema,
    );
    expect(await nextMigration(live.url, after)).toBe("");
    for (const sql of drafts.flatMap(({ remedyPrisma }) => remedyPrisma?.migration ?? []))
      await fresh.query(sql);
    expect(await nextMigration(fresh.url, after)).toBe("");
  } finally {
    await live.drop();
    await fresh.drop();
  }
});
