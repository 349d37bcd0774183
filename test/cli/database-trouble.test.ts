import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { createDatabase, onServer, type TestDatabase, urlOf } from "../support/database.js";
import { fakeServer } from "../support/fake-server.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";
import { sampleSchema, sampleTables } from "../support/sample-application.js";

const password = "s3cret-Pa55";
const role = `trouble_${process.pid}`;
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
  await onServer(inject("postgresUrl"), `create role ${role} login password '${password}'`);
});
afterAll(async () => {
  await database.query(`drop owned by ${role}`);
  await database.drop();
  await onServer(inject("postgresUrl"), `drop role ${role}`);
});

const files = { "prisma/schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}` };
const flags = ["--tenant-model", "Tenant", "--tenant-column", "tenantId"];
const audit = (url: string, ...args: string[]) =>
  tenantctlJson(["audit", ...flags, ...args], { cwd: project(files), env: { DATABASE_URL: url } });
const asRole = () => urlOf(database.url, database.name, { name: role, password });
const broken = (change: (url: URL) => void) => {
  const url = new URL(asRole());
  change(url);
  return url.href;
};

const unreachable: [string, () => string | Promise<string>, RegExp][] = [
  ["nothing listens", () => broken((url) => (url.port = "1")), /nothing answers there; .*pg_isready/],
  [
    "the password is wrong",
    () => broken((url) => (url.password = "wrong-s3cret-Pa55")),
    /wrong password for trouble_/,
  ],
  [
    "the role is unknown",
    () => broken((url) => (url.username = "nosuchrole")),
    /wrong password for nosuchrole|does not exist/,
  ],
  [
    "the database is unknown",
    () => broken((url) => (url.pathname = "/nosuchdb")),
    /database "nosuchdb" does not exist; .*psql -l/,
  ],
  [
    "the host is unknown",
    () => broken((url) => (url.hostname = "no-such-host.invalid")),
    /unknown|no answer/,
  ],
  ["it never answers", async () => `${await fakeServer("silent")}?connect_timeout=1`, /no answer in 1 s/],
  ["it is too old", () => fakeServer("version 11"), /is PostgreSQL 11\.22; tenantctl needs 12 or later/],
];

test.each(unreachable)("%s", async (_, url, says) => {
  const given = await url();
  const result = await audit(given);
  expect(result.code).toBe(2);
  expectValidReport(result);
  const readiness = result.report.checks.find((check) => check.id === "readiness");
  expect(readiness).toMatchObject({ status: "error" });
  expect(readiness?.reason).toMatch(says);

  const single = await tenantctl(["db", "orphans", ...flags], {
    cwd: project(files),
    env: { DATABASE_URL: given },
  });
  expect(single.code).toBe(2);
  expect(single.stderr).toMatch(/^error: /m);
  for (const output of [result.stdout, result.stderr, single.stdout, single.stderr])
    expect(output).not.toContain("s3cret-Pa55");
});

test.each([
  ["no URL at all", "", 64, /DATABASE_URL is not set/],
  ["another kind of URL", "mysql://u:s3cret-Pa55@h/db", 2, /no PostgreSQL URL/],
  ["Prisma Accelerate", "prisma://accelerate.example/?api_key=s3cret-Pa55", 2, /Accelerate/],
  ["an unreadable URL", "postgresql://u:s3cret-Pa55@[h/db", 2, /can't be read|can't connect/],
  [
    "an sslmode that does not exist",
    "postgresql://u:s3cret-Pa55@127.0.0.1:1/db?sslmode=maybe",
    2,
    /sslmode=maybe/,
  ],
])("%s", async (_, url, code, says) => {
  const result = await tenantctlJson(["db", "readiness", ...flags], {
    cwd: project(files),
    env: { DATABASE_URL: url },
  });
  expect(result.code).toBe(code);
  expectValidReport(result);
  expect(result.report.error?.message).toMatch(says);
  expect(result.stdout + result.stderr).not.toContain("s3cret-Pa55");
});

test("--url: env:, file: and a URL with a password, which earns a warning", async () => {
  const folder = project({ ...files, "url.txt": `${database.url}\n` });
  const run = (url: string, env = {}) =>
    tenantctl(["db", "orphans", ...flags, "--url", url], { cwd: folder, env });
  expect((await run("file:url.txt")).code).toBe(0);
  expect((await run("env:REPLICA", { REPLICA: database.url })).code).toBe(0);
  const plain = await run(database.url);
  expect(plain.code).toBe(0);
  expect(plain.stderr).toMatch(/a password on the command line is seen by other users/);
  expect(plain.stderr).not.toContain(new URL(database.url).password);
  expect((await run("env:MISSING")).stderr).toMatch(/environment variable MISSING is not set/);
  expect((await run("file:missing.txt")).code).toBe(64);
});

test("a database without any of the tables is the wrong one", async () => {
  const empty = await createDatabase();
  const options = { cwd: project(files), env: { DATABASE_URL: empty.url } };
  for (const command of ["readiness", "orphans", "references", "distribution"]) {
    const result = await tenantctlJson(["db", command, ...flags], options);
    expect(result.code).toBe(2);
    expectValidReport(result);
    expect(result.report.error?.message).toMatch(/has none of the schema's 4 tables in public/);
    expect(result.report.error?.hint).toMatch(/\?schema=.*migrate deploy/);
  }
  await empty.drop();
});

test("a role without rights: what it could not see is said, and it is no pass", async () => {
  const result = await audit(asRole());
  expect(result.code).toBe(2);
  expectValidReport(result);
  const references = result.report.checks.find((check) => check.id === "references");
  expect(references).toMatchObject({ status: "error" });
  expect(references?.reason).toMatch(/may not SELECT it/);

  await database.query(`grant select on tenants, clients, assets to ${role}`);
  const partly = await audit(asRole(), "--deep");
  expect(partly.code).toBe(2);
  const orphans = partly.report.checks.find((check) => check.id === "orphans");
  expect(orphans?.facts.unseen).toEqual([
    {
      what: "lines.assetId → assets",
      reason: expect.stringMatching(/public\.lines: role trouble_\d+ may not SELECT it/),
    },
  ]);

  await database.query(`grant select on lines to ${role}`);
  expect((await audit(asRole(), "--deep")).code).toBe(0);
  await database.query(`revoke all on all tables in schema public from ${role}`);
});

test("findings outrank what could not be seen", async () => {
  await database.query(`grant select on tenants, clients, assets to ${role}`);
  await database.query('drop index "assets_tenantId_idx"');
  expect((await audit(asRole(), "--deep")).code).toBe(1);
  await database.query('create index "assets_tenantId_idx" on assets ("tenantId")');
  await database.query(`revoke all on all tables in schema public from ${role}`);
});

test("under row-level security nothing is taken for the whole", async () => {
  await database.query(`
    grant select on all tables in schema public to ${role};
    alter table assets enable row level security;
    create policy own on assets using (false);
    update assets set "clientId" = 101 where id = 1;
  `);
  const result = await audit(asRole());
  expect(result.code).toBe(2);
  const references = result.report.checks.find((check) => check.id === "references");
  expect(references?.reason).toMatch(/row-level security hides rows from role trouble_/);
  expect((await audit(database.url)).code).toBe(1);
  await database.query(`
    update assets set "clientId" = 1 where id = 1;
    drop policy own on assets;
    alter table assets disable row level security;
    revoke all on all tables in schema public from ${role};
  `);
});

async function whileLocked(act: (blocker: pg.Client) => Promise<void>, args: string[] = []) {
  const blocker = new pg.Client(database.url);
  blocker.on("error", () => {});
  await blocker.connect();
  await blocker.query("begin; lock table lines in access exclusive mode");
  const running = audit(database.url, "--deep", ...args);
  await expect.poll(waiting, { timeout: 15_000 }).toBe(1);
  await act(blocker);
  const result = await running;
  await blocker.query("rollback").catch(() => {});
  await blocker.end();
  return result;
}

async function waiting(): Promise<number> {
  const rows = await database.query(
    "select 1 from pg_locks as l join pg_stat_activity as a using (pid) where not l.granted and a.application_name = 'tenantctl' and a.datname = current_database()",
  );
  return rows.length;
}

test("a table dropped in the middle of an audit", async () => {
  const result = await whileLocked(async (blocker) => {
    await blocker.query("drop table lines; commit");
  });
  expect(result.code).toBe(2);
  expectValidReport(result);
  const orphans = result.report.checks.find((check) => check.id === "orphans");
  expect(orphans?.reason).toMatch(/public\.lines: it, or a column of it, was dropped while the audit ran/);
  // The other tables were read all the same.
  expect(orphans?.facts.scanned).not.toEqual([]);
  await database.query(
    'create table lines (id int primary key, "assetId" int not null constraint "lines_assetId_fkey" references assets (id), note text)',
  );
});

test("the condition of a partial index on a table that a migration holds", async () => {
  await database.query(
    'drop index if exists partial; create index partial on lines ("assetId") where id > 5',
  );
  const result = await whileLocked(async () => {});
  expect(result.code).toBe(2);
  const readiness = result.report.checks.find((check) => check.id === "readiness");
  expect(readiness?.reason).toMatch(/condition of index partial: public\.lines: locked by another session/);
  await database.query("drop index partial");
});

test("a table that a migration holds is waited for, but not for ever", async () => {
  const result = await whileLocked(async () => {});
  expect(result.code).toBe(2);
  const orphans = result.report.checks.find((check) => check.id === "orphans");
  expect(orphans?.reason).toMatch(/public\.lines: locked by another session/);
});

test("an audit leaves no lock behind, and stands in no migration's way", async () => {
  const result = await whileLocked(async (blocker) => {
    // Other tables were read before or are read now; none of them may stay locked.
    const other = new pg.Client(database.url);
    await other.connect();
    await other.query(
      "set lock_timeout = '2s'; alter table clients add column spare int; alter table clients drop column spare",
    );
    await other.end();
    await blocker.query("rollback");
  });
  expect(result.code).toBe(0);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s while the server says nothing ends at once", async (signal) => {
  const start = performance.now();
  const result = await tenantctl(["audit", ...flags], {
    cwd: project(files),
    env: { DATABASE_URL: `${await fakeServer("silent")}?connect_timeout=30` },
    killWhen: { signal, ready: async () => performance.now() - start > 2000 },
  });
  expect(result.code).toBe(130);
  expect(result.stderr).toMatch(/^error: interrupted/m);
  expect(performance.now() - start).toBeLessThan(6000);
});

test("the longest timeouts are waited for, and no fraction of a second is none", async () => {
  const longest = await audit(database.url, "--timeout", "2147483", "--statement-timeout", "2147483");
  expect(longest.code).toBe(0);
  const waits = await audit(`${asRole()}?connect_timeout=3000000`, "--timeout", "2147483");
  expect(waits.report.checks.find(({ id }) => id === "readiness")?.status).toBe("pass");
  const shortest = await audit(database.url, "--deep", "--statement-timeout", "0.0001");
  expect(shortest.code).toBe(2);
  expect(shortest.report.checks.find(({ id }) => id === "readiness")?.reason).toMatch(/statement timeout/);
});
