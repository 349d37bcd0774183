import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Baseline } from "../../src/findings/baseline.js";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { createDatabase, onServer } from "../support/database.js";
import { createExampleDatabase, exampleFolder } from "../support/example.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";
import { sampleSchema, sampleTables } from "../support/sample-application.js";

let example: Awaited<ReturnType<typeof createExampleDatabase>>;
let folder: string;
beforeAll(async () => {
  example = await createExampleDatabase();
  folder = mkdtempSync(join(tmpdir(), "tenantctl-test-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await example.drop();
});
const baseline = () => join(folder, "known.json");
const options = () => ({ cwd: exampleFolder, env: { DATABASE_URL: example.url } });
const audit = (...args: string[]) => tenantctlJson(["audit", ...args], options());

test("today's findings are accepted, new ones fail, gone ones are named", async () => {
  const written = await audit("--write-baseline", baseline(), "--fail-on", "warning");
  expect(written.code).toBe(0);
  expect(written.stderr).toContain("now knows 14 findings");
  const known = JSON.parse(readFileSync(baseline(), "utf8")) as Baseline;
  // The schema's word on the nullable column of audit_logs is covered by the database's.
  const extra = { rule: "registry/nullable-column", subject: { model: "AuditLog" } };
  expect(known.findings).toHaveLength(15);
  expect(known.findings[14]).toMatchObject(extra);

  const same = await audit("--baseline", baseline(), "--fail-on", "warning");
  expectValidReport(same);
  expect(same.code).toBe(0);
  expect(same.report.summary).toEqual({ error: 0, warning: 0, info: 0, suppressed: 14 });
  expect(same.report.gate?.baseline).toEqual({ file: baseline(), accepted: 14, gone: [] });

  await onServer(example.url, 'drop index "assets_serial_number_key"');
  await onServer(example.url, 'create table "NewOnes" (id int, "tenantId" uuid)');
  const changed = await audit("--baseline", baseline(), "--fail-on", "warning");
  expectValidReport(changed);
  expect(changed.code).toBe(1);
  expect(changed.report.checks.flatMap(({ findings }) => findings)).toMatchObject([
    { rule: "db/unmapped-table", subject: { table: "NewOnes" } },
  ]);
  expect(changed.report.gate?.baseline?.gone).toMatchObject([
    { rule: "db/invalid-index", subject: { index: "assets_serial_number_key" } },
  ]);
  const text = await tenantctl(["audit", "--baseline", baseline()], options());
  expect(text.stdout).toMatch(/mended since the baseline: db\/invalid-index/i);
  await onServer(example.url, 'drop table "NewOnes"');
});

test("the audit's baseline covers its parts, with and without a database", async () => {
  const flags = ["--baseline", baseline(), "--fail-on", "warning", "--json"];
  expect((await tenantctl(["registry", "validate", ...flags], options())).code).toBe(0);
  const down = { cwd: exampleFolder, env: { DATABASE_URL: "postgresql://x@127.0.0.1:1/x" } };
  const { report, code } = await tenantctlJson(["audit", ...flags], down);
  expect(code).toBe(2);
  expect(report.checks.flatMap(({ findings }) => findings)).toEqual([]);
});

test("a suppression that covers nothing is said, and a gate that is off too", async () => {
  const cwd = project({
    "tenantctl.config.json": JSON.stringify({
      schema: join(exampleFolder, "prisma/schema.prisma"),
      registry: join(exampleFolder, "src/config/tenant-model-registry.ts"),
      tenant: { model: "Tenant", column: "tenantId" },
      suppress: [
        { rule: "db/null-tenant-rows", table: "audit_log", reason: "a slip of the pen" },
        { rule: "db/null-tenant-rows", table: "audit_logs", reason: "meant" },
      ],
    }),
  });
  const { stdout, stderr } = await tenantctl(["audit", "--fail-on", "never"], {
    cwd,
    env: { DATABASE_URL: example.url },
  });
  expect(stderr).toContain(
    "config suppresses db/null-tenant-rows of audit_log, and nothing of that was found",
  );
  expect(stderr).not.toContain("of audit_logs");
  expect(stdout).toMatch(/PASS .*\(--fail-on never\)/);
});

test("of a rule that is switched off nothing is said to be mended", async () => {
  const cwd = project({
    "tenantctl.config.json": JSON.stringify({
      schema: join(exampleFolder, "prisma/schema.prisma"),
      registry: join(exampleFolder, "src/config/tenant-model-registry.ts"),
      tenant: { model: "Tenant", column: "tenantId" },
      rules: { "db/orphan-rows": "off" },
    }),
  });
  const { report } = await tenantctlJson(["audit", "--baseline", baseline()], {
    cwd,
    env: { DATABASE_URL: example.url },
  });
  const gone = report.gate?.baseline?.gone.map(({ rule }) => rule);
  expect(gone).not.toContain("db/orphan-rows");
});

test("of several databases each has its own baseline: what is known of one is new in the other", async () => {
  const [eu, us] = [await createDatabase(), await createDatabase()];
  try {
    for (const each of [eu, us])
      await each.query(`${sampleTables}; alter table assets drop constraint "assets_tenantId_fkey"`);
    const orphans = (rows: number) =>
      `insert into assets select 1000 + i, gen_random_uuid(), null from generate_series(1, ${rows}) as i`;
    await eu.query(orphans(5));
    const cwd = project({
      "prisma/schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}`,
      "tenantctl.config.json": JSON.stringify({
        tenant: { model: "Tenant", column: "tenantId" },
        databases: { eu: { url: eu.url }, us: { url: us.url } },
      }),
    });
    const run = (...args: string[]) => tenantctlJson(["audit", ...args], { cwd });
    expect((await run("--write-baseline", "known.json")).code).toBe(0);
    expect((await run("--baseline", "known.json")).code).toBe(0);
    const one = await run("--baseline", "known.json", "--database", "us");
    expect(one.report.gate?.baseline?.gone).toEqual([]);

    await us.query(orphans(3));
    const changed = await run("--baseline", "known.json");
    const { report, code } = changed;
    expectValidReport(changed);
    expect(code).toBe(1);
    expect(report.checks.flatMap(({ findings }) => findings)).toMatchObject([
      { rule: "db/orphan-rows", subject: { database: "us" }, evidence: { rows: 3 } },
    ]);
    expect((await run("--baseline", "known.json", "--write-baseline", "known.json")).code).toBe(0);
    expect((await run("--baseline", "known.json")).code).toBe(0);
  } finally {
    await eu.drop();
    await us.drop();
  }
});

test("more rows than the baseline knows are a new finding", async () => {
  const known = JSON.parse(readFileSync(baseline(), "utf8")) as Baseline;
  const fewer = known.findings.map((entry) =>
    entry.rule === "db/null-tenant-rows" ? { ...entry, rows: 3 } : entry,
  );
  const file = join(folder, "fewer.json");
  writeFileSync(file, JSON.stringify({ ...known, findings: fewer }));
  const { report, code } = await audit("--baseline", file);
  expect(code).toBe(1);
  expect(report.checks.flatMap(({ findings }) => findings)).toMatchObject([
    { rule: "db/null-tenant-rows", message: expect.stringMatching(/12 rows .*; the baseline knows 3$/) },
  ]);
});

test("what a check could not see is not said to be gone", async () => {
  const { report, code } = await tenantctlJson(["audit", "--baseline", baseline()], {
    ...options(),
    env: { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" },
  });
  expect(code).toBe(2);
  expect(report.gate?.baseline?.gone).toEqual([]);
});

test.each([
  ["is not there", undefined],
  ["is none", "{"],
  ["has no list", '{"schemaVersion":1}'],
  ["another version", '{"schemaVersion":9,"findings":[]}'],
  ["number 1 has no rule", '{"schemaVersion":1,"findings":[{}]}'],
])("a baseline that %s is wrong usage", async (message, text) => {
  const file = join(folder, "broken.json");
  if (text !== undefined) writeFileSync(file, text);
  const { code, report } = await audit("--baseline", text === undefined ? "nowhere.json" : file);
  expect(code).toBe(64);
  expect(report.error?.message).toContain(message);
  expect(existsSync(join(exampleFolder, "nowhere.json"))).toBe(false);
});

test("a required check that is skipped is no pass; of an unknown name the command says which there are", async () => {
  const bare = project({
    "prisma/schema.prisma": readFileSync(join(exampleFolder, "prisma/schema.prisma"), "utf8"),
  });
  const run = (...args: string[]) =>
    tenantctlJson(["audit", "--fail-on", "never", ...args], {
      cwd: bare,
      env: { DATABASE_URL: example.url },
    });
  expect((await run()).code).toBe(0);
  const required = await run("--require", "readiness,registry");
  expectValidReport(required);
  expect(required.code).toBe(3);
  expect(required.report.checks[0]).toMatchObject({
    status: "inconclusive",
    reason: expect.stringContaining("required"),
  });
  const unknown = await run("--require", "registri");
  expect(unknown.code).toBe(64);
  expect(unknown.report.error?.message).toContain("registry, readiness, orphans, references");
});

test("--no-samples leaves no customer's data in any format", async () => {
  const { report } = await audit();
  const data = new Set<string>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(collect);
    else if (typeof value === "string" && /^[0-9a-f-]{36}$/.test(value)) data.add(value);
  };
  collect(report.checks.flatMap(({ findings }) => findings.map(({ evidence }) => evidence)));
  expect(data.size).toBeGreaterThan(10);
  for (const format of ["table", "json", "junit", "sarif", "markdown", "html"]) {
    const { stdout } = await tenantctl(["audit", "--no-samples", "--verbose", "--format", format], options());
    expect([...data].filter((value) => stdout.includes(value))).toEqual([]);
  }
});
