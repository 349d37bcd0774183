import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type EmbeddedServer, startEmbeddedPostgres } from "../../../src/adapters/embedded-postgres.js";
import { auditSlowQueries, type SlowQueryOptions } from "../../../src/database/index.js";
import type { SlowQueriesReading } from "../../../src/findings/slow-queries.js";
import { createDatabase, type TestDatabase, urlOf } from "../../support/database.js";
import { checkDatabase } from "../../support/database-check.js";
import { sampleTables, tenantA } from "../../support/sample-application.js";

let server: EmbeddedServer;
let database: TestDatabase;
beforeAll(async () => {
  server = await startEmbeddedPostgres({
    settings: { shared_preload_libraries: "pg_stat_statements", max_connections: "30" },
  });
  database = await createDatabase(undefined, server.url);
  await database.query(sampleTables);
  await database.query(`
    create role app login password 'app';
    create role watcher login password 'watcher';
    grant select, insert, update, delete on all tables in schema public to app;
    create schema tools;
    create extension pg_stat_statements schema tools;
  `);
});
afterAll(async () => {
  await database.drop();
  await server.stop();
});
beforeEach(() => database.query("select tools.pg_stat_statements_reset()"));

const app = { name: "app", password: "app" };
const watcher = { name: "watcher", password: "watcher" };

/** Runs a statement as the application does: again and again. */
async function run(sql: string, values: unknown[] = [], times = 12): Promise<void> {
  const client = new pg.Client(urlOf(server.url, database.name, app));
  await client.connect();
  for (let time = 0; time < times; time += 1) await client.query(sql, values);
  await client.end();
}

async function read(options: Partial<SlowQueryOptions> = {}, url = database.url) {
  const outcome = await checkDatabase(url, (snapshot, application) =>
    auditSlowQueries(snapshot, application, {
      ...{ order: "total", limit: 20, minCalls: undefined, match: undefined },
      ...{ isScoped: false, roles: [] },
      ...options,
    }),
  );
  return { ...outcome, reading: outcome.facts as unknown as SlowQueriesReading };
}

test("a statement without the tenant is found, and is not once it has the tenant", async () => {
  await run(`select * from assets where "tenantId" = $1`, [tenantA]);
  expect((await read()).drafts).toEqual([]);

  await run(`select /* by hand */ * from assets as a where a."clientId" < 5 order by id`);
  const { drafts, obstacle, reading } = await read();
  expect(obstacle).toBeUndefined();
  expect(drafts).toMatchObject([
    {
      rule: "db/query-without-tenant",
      subject: {
        model: "Asset",
        table: "assets",
        column: "tenantId",
        statement: expect.stringMatching(/^[\da-f]{16}$/),
      },
      evidence: {
        calls: 12,
        roles: ["app"],
        query: `select * from assets as a where a."clientId" < $1 order by id`,
      },
    },
  ]);
  expect(reading.standings).toMatchObject({ tenant: 1, without: 1 });

  await database.query("select tools.pg_stat_statements_reset()");
  await run(`select * from assets as a where a."clientId" < 5 and a."tenantId" = $1 order by id`, [tenantA]);
  expect((await read()).drafts).toEqual([]);
});

test("lists of different lengths are one finding; a statement that ran a few times is none", async () => {
  await run(`delete from clients where code = any ($1)`, [["x"]], 6);
  await run(`update clients set code = code where code in ('x', 'y') returning id`, [], 9);
  expect((await read()).drafts).toEqual([]);
  expect((await read({ minCalls: 5 })).drafts).toHaveLength(2);
  await run(`update clients set code = code where code in ('x', 'y', 'z') returning id`, [], 3);
  const { drafts } = await read();
  expect(drafts).toMatchObject([
    { evidence: { calls: 12 }, message: expect.stringMatching(/^a statement changes rows/) },
  ]);
});

test("row-level security of the table stands for the predicate, for roles that it filters", async () => {
  await database.query(
    `alter table assets enable row level security; create policy p on assets using (true)`,
  );
  try {
    await run("select count(*) from assets");
    const filtered = await read();
    expect(filtered.drafts).toEqual([]);
    expect(filtered.reading.standings).toMatchObject({ policy: 1, without: 0 });
    await database.query("select count(*) from assets");
    expect((await read({ minCalls: 1 })).reading.standings).toMatchObject({ policy: 0, without: 1 });
  } finally {
    await database.query("drop policy p on assets; alter table assets disable row level security");
  }
});

test("keys, joins through declared references, partitions and other schemas are told apart", async () => {
  await database.query(
    `create schema other; create table other.assets (id int); grant usage on schema other to app; grant select on other.assets to app`,
  );
  await run("select * from assets where id = $1", [1]);
  await run(`select l.id from lines l join assets a on a.id = l."assetId" where a."tenantId" = $1`, [
    tenantA,
  ]);
  await run("select * from other.assets");
  await run("select * from lines");
  await run("insert into lines select 100000 + n, 1, $1 from generate_series(1, 0) as n", ["x"]);
  const { drafts, reading } = await read({ isScoped: true });
  expect(drafts).toEqual([]);
  expect(reading.standings).toMatchObject({ tenant: 1, unknown: 1, without: 0 });
  expect(reading.statements.map(({ standing, why }) => [standing, why]).sort()).toEqual([
    ["tenant", null],
    ["unknown", "assets: reached by its key"],
  ]);
  await database.query("drop schema other cascade");
});

test("order, limit, match and role choose what is listed; tenantctl's own statements are left out", async () => {
  await run("select 1 as one", [], 3);
  await run(`select code from clients where "tenantId" = $1`, [tenantA], 5);
  const calls = (await read({ order: "calls", limit: 1, roles: ["app"] })).reading;
  expect(calls.statements).toMatchObject([{ calls: 5, roles: ["app"], rows: 50, standing: "tenant" }]);
  expect(calls.matching).toBe(2);
  expect((await read({ match: `"tenantId"`, roles: ["app"] })).reading.matching).toBe(1);
  const { totals, statements } = (await read({ limit: 1000 })).reading;
  expect(totals.own).toBeGreaterThan(3);
  expect(statements.filter(({ query }) => query?.includes("pg_catalog.pg_class"))).toEqual([]);
  const shares = statements.reduce((sum, { share }) => sum + share, 0);
  expect(shares).toBeGreaterThan(0);
  expect(shares).toBeLessThanOrEqual(1.0001);
});

test("what another role ran is hidden without pg_read_all_stats: inconclusive, with the grant", async () => {
  await run("select count(*) from assets");
  const url = urlOf(server.url, database.name, watcher);
  const closed = await read({}, url);
  expect(closed.obstacle).toMatchObject({
    status: "inconclusive",
    reason: expect.stringContaining("GRANT USAGE ON SCHEMA"),
  });
  await database.query("grant usage on schema tools to watcher");
  const hidden = await read({}, url);
  expect(hidden.obstacle).toMatchObject({
    status: "inconclusive",
    reason: expect.stringContaining('GRANT pg_read_all_stats TO "watcher";'),
  });
  expect(hidden.reading.totals.hidden).toBeGreaterThan(0);
  await database.query("grant pg_read_all_stats to watcher");
  const open = await read({}, url);
  expect(open.obstacle).toBeUndefined();
  expect(open.drafts).toHaveLength(1);
});

test("missing, or counting nothing: inconclusive, with what mends it", async () => {
  const bare = await createDatabase(undefined, server.url);
  await bare.query(sampleTables);
  const { obstacle, facts } = await read({}, bare.url);
  expect(obstacle?.status).toBe("inconclusive");
  expect(facts.remedySteps).toEqual(["CREATE EXTENSION IF NOT EXISTS pg_stat_statements;"]);
  await bare.query(String((facts.remedySteps as string[])[0]));
  await bare.query("select 1");
  expect((await read({}, bare.url)).obstacle).toBeUndefined();
  await bare.drop();

  await database.query("alter system set pg_stat_statements.track = 'none'");
  await database.query("select pg_reload_conf()");
  await expect.poll(async () => (await read()).obstacle?.reason).toContain("counts no statements");
  await database.query("alter system reset pg_stat_statements.track");
  await database.query("select pg_reload_conf()");

  // The suite's common server does not preload it.
  const common = await createDatabase();
  await common.query(sampleTables);
  const without = await read({}, common.url);
  expect(without.obstacle?.reason).toContain("the server does not preload it");
  expect(without.facts.remedySteps).toContain(
    "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';",
  );
  await common.drop();
});
