import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseIndexFile } from "../../src/indexes/index.js";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { expectValidReport } from "../support/report-schema.js";
import { sampleSchema, sampleTables } from "../support/sample-application.js";

let database: TestDatabase;
let cwd: string;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(`${sampleTables}; create index extra on clients (code)`);
  cwd = mkdtempSync(join(tmpdir(), "tenantctl-test-"));
  writeFileSync(join(cwd, "schema.prisma"), `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}`);
});
afterAll(async () => {
  rmSync(cwd, { recursive: true });
  await database.drop();
});
const run = (...args: string[]) => tenantctl(args, { cwd, env: { DATABASE_URL: database.url } });
const runJson = (...args: string[]) => tenantctlJson(args, { cwd, env: { DATABASE_URL: database.url } });

test("usage: young statistics are inconclusive, a reading is kept, and --min-age judges at once", async () => {
  const young = await runJson("index", "usage");
  expect([young.code, young.report.verdict]).toEqual([3, "inconclusive"]);
  expectValidReport(young);
  expect(existsSync(join(cwd, ".tenantctl/index-usage"))).toBe(true);
  const judged = await runJson("index", "usage", "--min-age", "0", "--no-store");
  expect([judged.code, judged.report.summary.warning]).toEqual([0, 1]);
  expect(judged.report.checks[0]!.facts.earlierReadings).toBe(1);
  const strict = await run("index", "usage", "--min-age", "0", "--fail-on", "warning", "--no-store");
  expect(strict.code).toBe(1);
});

test("usage: the plan's filter and order", async () => {
  const { report } = await runJson(
    "index",
    "usage",
    "--match",
    "tenant",
    "--order",
    "scans",
    "--limit",
    "1",
    "--min-age",
    "0",
    "--no-store",
  );
  const { indexUsage, indexCount } = report.checks[0]!.facts as { indexUsage: unknown[]; indexCount: number };
  expect([indexUsage.length, indexCount]).toEqual([1, 3]);
  // The unused index bears another name.
  expect(report.summary.warning).toBe(0);
});

test.each(["html", "markdown"])("usage and plan as %s", async (format) => {
  for (const verb of ["usage", "plan"]) {
    const { stdout } = await run(
      "index",
      verb,
      "--format",
      format,
      ...(verb === "usage" ? ["--no-store"] : []),
    );
    expect(stdout).toContain(verb === "plan" ? "assets_clientId_idx" : "extra");
  }
});

test.each([80, 120])("usage and plan at %i columns: no line is wider, save SQL", async (columns) => {
  for (const verb of ["usage", "plan"]) {
    const { stdout } = await tenantctl(["index", verb, "--min-age", "0"].slice(0, verb === "usage" ? 4 : 2), {
      cwd,
      env: { DATABASE_URL: database.url, COLUMNS: String(columns) },
    });
    const wide = stdout
      .split("\n")
      .filter((line) => line.length > columns && !/CREATE INDEX|@@index/.test(line));
    expect(wide).toEqual([]);
  }
});

test("plan: the file is what index create takes, and proposals fail nothing", async () => {
  const result = await runJson("index", "plan", "--to", "indexes.json");
  const { code, report, stderr } = result;
  expect([code, report.verdict]).toEqual([0, "pass"]);
  expectValidReport(result);
  const { indexes } = parseIndexFile(readFileSync(join(cwd, "indexes.json"), "utf8"), "indexes.json");
  expect(indexes.map(({ name }) => name)).toEqual(["assets_clientId_idx", "lines_assetId_idx"]);
  expect(stderr).toContain("2 indexes written to indexes.json");
  // The SQL on the terminal builds the same.
  const { stdout } = await run("index", "plan");
  const statements = stdout.split("\n").filter((line) => line.startsWith("CREATE"));
  for (const statement of statements) await database.query(statement);
  const after = await run("index", "plan", "--to", "none.json");
  expect(after.stdout).toContain("no index is missing");
  expect(existsSync(join(cwd, "none.json"))).toBe(false);
});

test.each([
  [["index", "usage", "--min-age", "-1"], 64],
  [["index", "usage", "--limit", "0"], 64],
  [["index", "usage", "--order", "colour"], 64],
  [["index", "usage", "--table", "nothing"], 64],
  [["index", "usage", "--replica", "env:NOWHERE"], 64],
  [["index", "usage", "--replica", "postgresql://127.0.0.1:1/none"], 2],
  [["index", "plan", "--to", "no/such/folder.json"], 2],
])("%j ends with %i, and says why", async (args, code) => {
  const result = await run(...args);
  expect(result.code).toBe(code);
  expect(result.stderr).toMatch(/^error: .+\n.+/m);
});
