import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { startPgBouncer } from "../support/pgbouncer.js";
import { project } from "../support/project.js";
import { sampleSchema, sampleTables } from "../support/sample-application.js";

let database: TestDatabase;
let bouncer: Awaited<ReturnType<typeof startPgBouncer>>;
let narrow: Awaited<ReturnType<typeof startPgBouncer>>;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
  await database.query('update assets set "clientId" = 101 where id in (1, 2)');
  bouncer = await startPgBouncer(inject("postgresUrl"));
  narrow = await startPgBouncer(inject("postgresUrl"), 1);
});
afterAll(async () => {
  await bouncer.stop();
  await narrow.stop();
  await database.drop();
});

// A test that fails while it holds a lock must not take the others with it.
afterEach(() => database.query("rollback"));

const files = { "prisma/schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}` };
const flags = ["--tenant-model", "Tenant", "--tenant-column", "tenantId"];

test.each(["1", "4"])("an audit through PgBouncer in transaction mode, %s jobs", async (jobs) => {
  const url = bouncer.urlFor(database.name);
  const result = await tenantctlJson(["audit", ...flags, "--deep", "--jobs", jobs], {
    cwd: project(files),
    env: { DATABASE_URL: url },
  });
  expect(result.stderr).not.toMatch(/error/);
  expect(result.report.checks.flatMap((check) => check.findings)).toMatchObject([
    { rule: "db/cross-tenant-reference", evidence: { rows: 2 } },
  ]);
  expect(result.code).toBe(1);
});

test("Ctrl-C through PgBouncer cancels on the server", async () => {
  await database.query("begin; lock table assets in access exclusive mode");
  const waits = async () =>
    (
      await database.query(
        "select 1 from pg_locks as l join pg_stat_activity as a using (pid) where not l.granted and a.datname = current_database()",
      )
    ).length > 0;
  let asked = 0;
  const result = await tenantctl(["db", "references", ...flags], {
    cwd: project(files),
    env: { DATABASE_URL: bouncer.urlFor(database.name) },
    killWhen: {
      signal: "SIGINT",
      ready: async () => {
        asked = performance.now();
        return waits();
      },
    },
  });
  expect(result.code).toBe(130);
  // PgBouncer took the request: else the session is only dropped after three seconds.
  expect(performance.now() - asked).toBeLessThan(2500);
  await expect.poll(waits, { timeout: 3000 }).toBe(false);
  await database.query("rollback");
});

test("where the pool has one connection, the audit does all its work with it", async () => {
  const start = performance.now();
  const result = await tenantctlJson(["audit", ...flags, "--deep", "--jobs", "4"], {
    cwd: project(files),
    env: { DATABASE_URL: narrow.urlFor(database.name) },
  });
  expect(result.report.checks.flatMap((check) => check.findings)).toMatchObject([
    { rule: "db/cross-tenant-reference", evidence: { rows: 2 } },
  ]);
  expect(result.code).toBe(1);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test("further sessions that can't be had are given up once, and a long audit goes on", async () => {
  await database.query("begin; lock table lines in access exclusive mode");
  const start = performance.now();
  const result = await tenantctlJson(["audit", ...flags, "--deep", "--jobs", "4"], {
    cwd: project(files),
    env: { DATABASE_URL: narrow.urlFor(database.name) },
  });
  await database.query("rollback");
  expect(result.code).toBe(1);
  const [orphans] = result.report.checks.filter(({ id }) => id === "orphans");
  expect(orphans?.reason).toMatch(/public\.lines: locked by another session/);
  expect(performance.now() - start).toBeLessThan(30_000);
});

test("the deadline covers the wait for a pool that another client holds", async () => {
  const url = narrow.urlFor(database.name);
  const holder = new pg.Client(url);
  await holder.connect();
  await holder.query("begin");
  const start = performance.now();
  const result = await tenantctlJson(["audit", ...flags, "--timeout", "3"], {
    cwd: project(files),
    env: { DATABASE_URL: url },
  });
  await holder.query("rollback");
  await holder.end();
  expect(performance.now() - start).toBeLessThan(8000);
  expect(result.code).toBe(2);
  expect(result.report.checks.find(({ id }) => id === "readiness")?.reason).toMatch(
    /no answer in 3 s, all the time there was; .*--timeout/,
  );
});

test("Ctrl-C ends the wait for a pool that another client holds", async () => {
  const url = narrow.urlFor(database.name);
  const holder = new pg.Client(url);
  await holder.connect();
  await holder.query("begin");
  const start = performance.now();
  const result = await tenantctl(["audit", ...flags], {
    cwd: project(files),
    env: { DATABASE_URL: url },
    killWhen: { signal: "SIGINT", ready: async () => performance.now() - start > 2000 },
  });
  await holder.query("rollback");
  await holder.end();
  expect(result.code).toBe(130);
  expect(performance.now() - start).toBeLessThan(6000);
});
