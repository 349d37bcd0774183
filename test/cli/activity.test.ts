import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedServer, startEmbeddedPostgres } from "../../src/adapters/embedded-postgres.js";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";
import { sampleSchema, sampleTables, tenantA } from "../support/sample-application.js";

let server: EmbeddedServer;
let database: TestDatabase;
let held: pg.Client;
beforeAll(async () => {
  server = await startEmbeddedPostgres({
    settings: { shared_preload_libraries: "pg_stat_statements", max_connections: "30" },
  });
  database = await createDatabase(undefined, server.url);
  await database.query(sampleTables);
  await database.query("create extension pg_stat_statements");
  for (let time = 0; time < 10; time += 1)
    await database.query(`select * from assets order by id /*tenant_id='${tenantA}'*/`);
  await database.query("select 1");
  held = new pg.Client({ connectionString: database.url, application_name: `tenant:${tenantA}` });
  await held.connect();
  await held.query("begin; select 'secret value'");
});
afterAll(async () => {
  await held.end();
  await database.drop();
  await server.stop();
});

const files = { "schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}` };
const run = (args: readonly string[], more: Record<string, string> = {}) =>
  tenantctl(["db", ...args], { cwd: project({ ...files, ...more }), env: { DATABASE_URL: database.url } });
const runJson = (args: readonly string[], more: Record<string, string> = {}) =>
  tenantctlJson(["db", ...args], {
    cwd: project({ ...files, ...more }),
    env: { DATABASE_URL: database.url },
  });

test("slow-queries: each format has the statements, none the values of comments", async () => {
  const json = await runJson(["slow-queries", "--scoped", "--fail-on", "warning"]);
  expectValidReport(json);
  expect(json.code).toBe(1);
  expect(json.report.checks[0]?.findings).toMatchObject([{ rule: "db/query-without-tenant" }]);
  const others = await Promise.all(
    ["table", "markdown", "html", "junit", "sarif"].map((format) =>
      run(["slow-queries", "--scoped", "--format", format]),
    ),
  );
  for (const { code, stdout } of others) {
    expect(code).toBe(0);
    expect(stdout).not.toContain(tenantA);
  }
  for (const { stdout } of others.slice(0, 3)) expect(stdout).toContain("select * from assets order by id");
});

test("connections: each format has the limits and the line to copy", async () => {
  const json = await runJson(["connections"]);
  expectValidReport(json);
  expect(json.report.checks[0]?.facts).toMatchObject({ totals: { connections: 2, attributed: 1 } });
  const all = await Promise.all(
    ["table", "markdown", "html"].map((format) => run(["connections", "--format", format])),
  );
  for (const { code, stdout } of all) {
    expect(code).toBe(0);
    expect(stdout).toMatch(/50\.0 %/);
    expect(stdout).toMatch(/SET LOCAL application_name = (?:'|&#39;)tenant:TENANT_ID/);
    expect(stdout).toContain("the server");
  }
});

test("--no-samples leaves out whose connections are and what they run, and keeps the numbers", async () => {
  for (const format of ["table", "markdown", "html", "json"]) {
    const { stdout } = await run(["connections", "--no-samples", "--format", format]);
    expect(stdout).not.toMatch(/aaaaaaaa|secret value/);
    if (format !== "json") expect(stdout).toMatch(/1 of 2 connections \(50\.0 %\)/);
  }
  const { stdout } = await run(["slow-queries", "--no-samples", "--json"]);
  expect(stdout).not.toContain("from assets");
  expect(stdout).toMatch(/"queryId": ?"-?\d+"/);
});

test("a statement is suppressed by its kind; a pattern of config is used, a wrong one refused", async () => {
  const first = await runJson(["slow-queries"]);
  const { subject } = first.report.checks[0]!.findings[0]!;
  const suppress = [{ rule: "db/query-without-tenant", statement: subject.statement, reason: "a report" }];
  const config = { "tenantctl.config.json": JSON.stringify({ suppress }) };
  expect((await runJson(["slow-queries"], config)).report.summary).toMatchObject({
    warning: 0,
    suppressed: 1,
  });

  const attribution = (pattern: string) => ({
    "tenantctl.config.json": JSON.stringify({ database: { attribution: pattern } }),
  });
  const none = await runJson(["connections"], attribution("^svc-(?<tenant>.+)$"));
  expect(none.report.checks[0]?.facts).toMatchObject({ totals: { attributed: 0 } });
  for (const pattern of ["(?<tenant>", "tenant=(.+)"]) {
    const { code, report } = await runJson(["connections"], attribution(pattern));
    expect(code).toBe(64);
    expect(report.error?.message).toContain("(?<tenant>…)");
  }
});

test("wrong options are wrong usage", async () => {
  for (const args of [
    ["slow-queries", "--order", "speed"],
    ["slow-queries", "--limit", "0"],
    ["connections", "--near-limit", "101"],
    ["connections", "--idle-in-transaction", "soon"],
  ])
    expect((await run(args)).code).toBe(64);
});

test("where the extension is missing, inconclusive, with the commands", async () => {
  await database.query("drop extension pg_stat_statements");
  const { code, stdout } = await run(["slow-queries"]);
  expect(code).toBe(3);
  expect(stdout.replace(/\s+/g, " ")).toContain("CREATE EXTENSION IF NOT EXISTS pg_stat_statements;");
  await database.query("create extension pg_stat_statements");
});
