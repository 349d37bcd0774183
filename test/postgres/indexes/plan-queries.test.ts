import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type EmbeddedServer, startEmbeddedPostgres } from "../../../src/adapters/embedded-postgres.js";
import { parseDatabaseAddress } from "../../../src/adapters/postgres/address.js";
import { Snapshot } from "../../../src/adapters/postgres/snapshot.js";
import { prove } from "../../../src/indexes/plan/prove.js";
import { createDatabase, type TestDatabase, urlOf } from "../../support/database.js";
import { indexPlan } from "../../support/index-plan.js";
import { sampleSchema, sampleTables } from "../../support/sample-application.js";
import { debianBinaries } from "../../support/streaming-replica.js";

const schema = sampleSchema.replace(
  '@@index([tenantId])\n  @@map("assets")',
  '@@index([tenantId])\n  @@index([clientId])\n  state String?\n  createdAt DateTime\n  @@map("assets")',
);

let server: EmbeddedServer;
let database: TestDatabase;
beforeAll(async () => {
  server = await startEmbeddedPostgres({
    binaries: debianBinaries(),
    settings: { shared_preload_libraries: "pg_stat_statements" },
  });
  database = await createDatabase(undefined, server.url);
  await database.query(sampleTables);
  await database.query(`
    create schema extensions;
    create extension pg_stat_statements schema extensions;
    create extension hypopg schema extensions;
    create index "assets_clientId_idx" on assets ("clientId");
    create index "lines_assetId_idx" on lines ("assetId");
    alter table assets add state text, add "createdAt" timestamp;
    insert into tenants select gen_random_uuid(), 't' || i from generate_series(1, 40) as i;
    insert into assets select 1000 + i, (array(select id from tenants))[1 + i % 40], null, 's' || i % 5, now() - i * interval '1 minute' from generate_series(1, 40000) as i;
    analyze;
  `);
});
afterAll(() => server.stop());
beforeEach(() => database.query("select extensions.pg_stat_statements_reset()"));

/** As Prisma Client writes it: quoted, with its schema. */
const list = `select "public"."assets"."id" from "public"."assets" where ("public"."assets"."tenantId" = $1 and "public"."assets"."state" = $2) order by "public"."assets"."createdAt" desc limit $3 offset $4`;
const tenant = "aaaaaaaa-0000-4000-8000-000000000000";

test("a costly statement gets an index, and the planner says what it saves", async () => {
  await database.query(list, [tenant, "s1", 10, 0]);
  const { indexes, plan, drafts } = await indexPlan(database.url, schema);
  expect(plan).toMatchObject({ provedBy: "hypopg" });
  expect(indexes).toMatchObject([
    {
      name: "assets_tenant_state_created_at_idx",
      columns: [{ column: "tenantId" }, { column: "state" }, { column: "createdAt" }],
    },
  ]);
  const [proposal] = plan.proposals;
  const [cost] = proposal!.costs;
  expect(cost!.isUsed).toBe(true);
  expect(cost!.after).toBeLessThan(cost!.before / 2);
  expect(proposal).toMatchObject({ doubt: null, replaces: ["assets_tenantId_idx"] });

  // The estimate against what the server builds, and the planner's word against its deed.
  await database.query(drafts[0]!.remedySteps![0]!);
  const [built] = await database.query<{ bytes: number }>(
    `select pg_relation_size('assets_tenant_state_created_at_idx')::float8 as bytes`,
  );
  expect(proposal!.estimatedBytes! / built!.bytes).toBeGreaterThan(0.9);
  expect(proposal!.estimatedBytes! / built!.bytes).toBeLessThan(1.1);
  await database.query("analyze assets");
  expect((await indexPlan(database.url, schema)).indexes).toEqual([]);
  await database.query("drop index assets_tenant_state_created_at_idx");
});

test.each([
  ["a key finds one row already", "select * from assets where id = $1 and state = $2", [5, "s1"]],
  [
    "what it filters by finds few rows already",
    'select * from assets where "clientId" = $1 and state = $2',
    [3, "s1"],
  ],
  ["the index that there is is as good", 'select * from assets where "tenantId" = $1', [tenant]],
  ["a small table is read whole anyway", "select * from clients where code = $1", ["c1"]],
  ["a condition that no index finds", "select * from assets where lower(state) = $1 or id = 3", ["s1"]],
  ["all rows are wanted, sorted", 'select * from assets order by "createdAt"', []],
])("no index where %s", async (_, sql, values) => {
  await database.query(sql, values);
  const { indexes } = await indexPlan(database.url, schema);
  expect(indexes).toEqual([]);
});

test("statements that name no schema, and those that change rows", async () => {
  await database.query('update assets set state = $1 where "createdAt" = $2', ["x", "2020-01-01"]);
  await database.query('select count(*) from assets a where a.state = $1 and a."createdAt" > $2', [
    "s1",
    "2999-01-01",
  ]);
  const { indexes } = await indexPlan(database.url, schema);
  expect(indexes.map(({ columns }) => columns.map(({ column }) => column))).toEqual([
    ["createdAt"],
    ["state", "createdAt"],
  ]);
});

test("another role's statements are hidden, and that is said", async () => {
  await database.query(list, [tenant, "s1", 10, 0]);
  await database.query(
    "create role reader login password 'secret'; grant select on all tables in schema public to reader; grant usage on schema extensions to reader",
  );
  const url = urlOf(database.url, database.name, { name: "reader", password: "secret" });
  const { plan, indexes } = await indexPlan(url, schema);
  expect(indexes).toEqual([]);
  expect(plan.notProposed.find(({ what }) => /statements of other roles/.test(what))?.why).toMatch(
    /pg_read_all_stats/,
  );
});

test("without the preloaded library, or without HypoPG, it says what it left out", async () => {
  const other = await createDatabase();
  try {
    await other.query(sampleTables);
    await other.query("create extension pg_stat_statements");
    const { plan, outcome } = await indexPlan(other.url, sampleSchema).then((each) => ({
      ...each,
      outcome: each,
    }));
    expect(outcome.obstacle).toBeUndefined();
    expect(plan).toMatchObject({ statements: null, provedBy: null });
    expect(plan.notProposed.map(({ why }) => why).join()).toMatch(
      /does not preload it.*CREATE EXTENSION hypopg/s,
    );
  } finally {
    await other.drop();
  }
});

test("nothing hypothetical stays in the session, and nothing is written", async () => {
  await database.query(list, [tenant, "s1", 10, 0]);
  const before = await database.query("select count(*) from pg_class");
  await indexPlan(database.url, schema);
  expect(await database.query("select count(*) from pg_class")).toEqual(before);
});

test("PostgreSQL 16 and later plan without values by themselves", async () => {
  const other = await createDatabase();
  // The embedded server has no HypoPG: what stands for it makes the planner believe in nothing.
  await other.query(`${sampleTables};
    create schema hypopg;
    create function hypopg.hypopg_create_index(text, out indexname text) language sql as $$ select 'none' $$;
    create function hypopg.hypopg_reset() returns void language sql as $$ $$;`);
  const snapshot = await Snapshot.open(parseDatabaseAddress(other.url), {
    ...{ jobs: 1, statementTimeout: 60_000, lockTimeout: 5000, deadline: 60_000 },
  });
  try {
    const planner = { versionNumber: 180_000, hypopg: "hypopg", searchPath: '"public"' };
    const [proofs, problem] = await prove(
      snapshot,
      [
        { statement: "create index", probes: ['select * from assets where "tenantId" = $1 limit $2'] },
        { statement: "create index", probes: ["select * from nowhere where id = $1"] },
      ],
      planner,
    );
    expect(proofs).toMatchObject([{ before: expect.any(Number), isUsed: false }]);
    expect(problem).toMatch(/"nowhere" does not exist/);
  } finally {
    await snapshot.close();
    await other.drop();
  }
});
