import { afterAll, beforeAll, expect, test } from "vitest";
import { tenantctl } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";
import { sampleSchema, sampleTables, tenantA } from "../support/sample-application.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
  // Nested loops over these take minutes: long enough to be interrupted in.
  await database.query(`
    alter table assets drop constraint "assets_clientId_fkey";
    alter table clients drop constraint clients_pkey cascade;
    alter table clients drop constraint "clients_tenantId_fkey";
    insert into clients select 1000 + i, '${tenantA}', 'x' || i from generate_series(1, 20000) as i;
    insert into assets select 1000 + i, '${tenantA}', 1000 + i from generate_series(1, 20000) as i;
    alter database ${database.name} set enable_hashjoin = off;
    alter database ${database.name} set enable_mergejoin = off;
    alter database ${database.name} set enable_material = off;
    alter database ${database.name} set max_parallel_workers_per_gather = 0;
  `);
});
afterAll(() => database.drop());

const files = { "prisma/schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}` };
const args = ["db", "references", "--tenant-model", "Tenant", "--tenant-column", "tenantId"];

async function sessions(condition = "true"): Promise<number> {
  const rows = await database.query(
    `select 1 from pg_stat_activity where application_name = 'tenantctl' and datname = current_database() and ${condition}`,
  );
  return rows.length;
}

const isScanning = async () => (await sessions("state = 'active' and query like '%stray%'")) > 0;

function interrupted(signal: NodeJS.Signals, ...more: string[]) {
  return tenantctl([...args, ...more], {
    cwd: project(files),
    env: { DATABASE_URL: database.url },
    killWhen: { signal, ready: isScanning },
  });
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s leaves no query running on the server, and says so",
  async (signal) => {
    const result = await interrupted(signal);
    expect(result.code).toBe(130);
    expect(result.stdout).toBe("");
    expect(result.stderr).toMatch(/interrupted: what ran on the server was cancelled, nothing was changed/);
    await expect.poll(() => sessions(), { timeout: 2000 }).toBe(0);
  },
);

test("with --json the interruption is a document too", async () => {
  const result = await interrupted("SIGINT", "--json");
  expect(result.code).toBe(130);
  expectValidReport(result);
  expect(JSON.parse(result.stdout).error.message).toMatch(/interrupted/);
});

test("killed without a chance to clean up, the server notices and stops by itself", async () => {
  const result = await interrupted("SIGKILL");
  expect(result.code).toBe(null);
  await expect.poll(() => sessions(), { timeout: 8000, interval: 200 }).toBe(0);
});

test("the statement timeout cuts a long scan, and what was cut is said", async () => {
  const result = await tenantctl([...args, "--json", "--statement-timeout", "0.5"], {
    cwd: project(files),
    env: { DATABASE_URL: database.url },
  });
  expect(result.code).toBe(2);
  expectValidReport(result);
  expect(JSON.parse(result.stdout).checks[0].reason).toMatch(
    /not finished within the statement timeout; raise --statement-timeout/,
  );
});

test("the audit's own time limit keeps what was answered and says what was not", async () => {
  const result = await tenantctl(["audit", ...args.slice(2), "--json", "--timeout", "2", "--deep"], {
    cwd: project(files),
    env: { DATABASE_URL: database.url },
  });
  expect(result.code).toBe(1);
  expectValidReport(result);
  const references = JSON.parse(result.stdout).checks.find(
    (check: { id: string }) => check.id === "references",
  );
  expect(references).toMatchObject({ status: "error" });
  expect(references.reason).toMatch(/the audit's time was up; raise --timeout/);
  await expect.poll(() => sessions(), { timeout: 2000 }).toBe(0);
});
