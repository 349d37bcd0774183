import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root, tenantctl } from "../support/cli.js";
import { createExampleDatabase, exampleFolder } from "../support/example.js";
import { project } from "../support/project.js";

let example: Awaited<ReturnType<typeof createExampleDatabase>>;
beforeAll(async () => {
  example = await createExampleDatabase();
});
afterAll(() => example.drop());
const run = (args: string[], env: Record<string, string> = {}) =>
  tenantctl(args, { cwd: exampleFolder, env: { DATABASE_URL: example.url, ...env } });

const escapeSequence = "\u001b[";
/** What differs from run to run. */
const steady = (text: string) =>
  text
    .replace(/\bexample_\d+_\d+\b/g, "EXAMPLE")
    .replace(/\d+(\.\d+)? (ms|s)\b/g, "N ms")
    .replace(/ +$/gm, "");

test("piped, the text has no colour and no line wider than 80 columns", async () => {
  const { stdout, stderr, code } = await run(["audit"]);
  expect(code).toBe(1);
  expect(stdout + stderr).not.toContain(escapeSequence);
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  expect(steady(stdout)).toMatchSnapshot();
});

test("at 120 columns lines are longer and the same is said", async () => {
  const narrow = await run(["audit"]);
  const wide = await run(["audit"], { COLUMNS: "120" });
  const longest = Math.max(...wide.stdout.split("\n").map((line) => line.length));
  expect(longest).toBeGreaterThan(80);
  expect(longest).toBeLessThanOrEqual(120);
  const words = (text: string) => steady(text).split(/\s+/).sort();
  expect(words(wide.stdout)).toEqual(words(narrow.stdout));
});

test.each([
  [{ FORCE_COLOR: "1" }, true],
  [{ FORCE_COLOR: "0" }, false],
  [{ NO_COLOR: "1" }, false],
  [{ NO_COLOR: "1", FORCE_COLOR: "1" }, true],
  [{}, false],
])("%o: colour is %s", async (env, isColored) => {
  expect((await run(["audit"], env)).stdout.includes(escapeSequence)).toBe(isColored);
});

test("--no-color beats everything", async () => {
  expect((await run(["audit", "--no-color"], { FORCE_COLOR: "1" })).stdout).not.toContain(escapeSequence);
});

test("meaning does not rest on colour, nor on marks: TERM=dumb says it in ASCII", async () => {
  const { stdout } = await run(["audit"], { TERM: "dumb" });
  expect(stdout).toMatch(/^x error {2}db\/cross-tenant-reference/m);
  expect(stdout).toMatch(/^x FAIL/m);
  expect(stdout).toMatch(/^[\x00-\x7f]*$/);
});

test("--verbose gives each finding its remedy, statement by statement, and how each fact was read", async () => {
  const stdout = (await run(["audit", "--verbose"])).stdout.replace(/\s+/g, " ");
  expect(stdout).toContain(
    'CREATE INDEX CONCURRENTLY "payments_tenantId_idx" ON "public"."payments" ("tenantId");',
  );
  expect(stdout).toMatch(/payments\.tenantId: not read, proven by payments_tenantId_fkey, NOT NULL/);
  expect(stdout).toMatch(
    /supply_usages\.tenantId: loose index scan,[\s\S]*?\(supply_usages_tenantId_idx leads with the column/,
  );
});

test("with --output stdout stays empty, in every format", async () => {
  const folder = project({});
  for (const format of ["table", "json", "html"]) {
    const file = join(folder, `report.${format}`);
    const { stdout, code } = await run(["audit", "--format", format, "--output", file]);
    expect([stdout, code]).toEqual(["", 1]);
    expect(readFileSync(file, "utf8").length).toBeGreaterThan(500);
  }
  expect(readFileSync(join(folder, "report.html"), "utf8")).toMatch(/^<!doctype html>/);
  const refused = await run(["audit", "--output", "/nowhere/report"]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/can't write \/nowhere\/report: ENOENT/);
});

test("--json is one document on stdout; notes and progress go to stderr, or nowhere with --quiet", async () => {
  const folder = project({
    "prisma/schema.prisma": readFileSync(join(exampleFolder, "prisma", "schema.prisma"), "utf8"),
  });
  const options = { cwd: folder, env: { DATABASE_URL: example.url } };
  const noisy = await tenantctl(["audit", "--json"], options);
  expect(() => JSON.parse(noisy.stdout)).not.toThrow();
  expect(noisy.stderr).toMatch(/note: the tenant is Tenant/);
  const quiet = await tenantctl(["audit", "--json", "--quiet"], options);
  expect(quiet.stderr).toBe("");
});

test("--fail-on moves the bar, and verdict and exit code go along", async () => {
  const never = await run(["audit", "--fail-on", "never", "--json"]);
  expect([never.code, JSON.parse(never.stdout).verdict]).toEqual([0, "pass"]);
  const schema = await run(["registry", "validate", "--fail-on", "warning", "--json"]);
  expect([schema.code, JSON.parse(schema.stdout).verdict]).toEqual([1, "fail"]);
});

test("a reader that stops reading (| head) is no error", async () => {
  const models = Array.from({ length: 1000 }, (_, index) => `model M${index} {\n  id Int @id\n}\n`).join("");
  const folder = project({
    "schema.prisma": `datasource db {\n  provider = "postgresql"\n}\nmodel Tenant {\n  id Int @id\n  a A[]\n}\nmodel A {\n  id Int @id\n  tenantId Int\n  tenant Tenant @relation(fields: [tenantId], references: [id])\n}\n${models}`,
    "registry.ts": 'export const GLOBAL_MODELS = ["Tenant"];\n',
  });
  const args = ["registry", "validate", "--json", "--verbose", "--fail-on", "never"];
  const named = ["--schema", "schema.prisma", "--registry", "registry.ts"];
  const whole = await tenantctl([...args, ...named], { cwd: folder });
  // More than a pipe and a socket hold: the command is still writing when its reader is gone.
  expect(whole.stdout.length).toBeGreaterThan(400_000);
  const child = spawn(
    "/bin/sh",
    ["-c", '{ "$@"; echo "code $?" >&2; } | head -1', "sh"].concat([
      process.execPath,
      join(root, "bin/tenantctl.js"),
      ...args,
      ...named,
    ]),
    { cwd: folder, env: { PATH: process.env.PATH } },
  );
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  await new Promise((resolve) => child.once("close", resolve));
  expect(stderr).toMatch(/code 0\n$/);
  expect(stderr).not.toMatch(/EPIPE|Error/);
});

test("every command's help has an example", async () => {
  const names = [
    [],
    ["audit"],
    ["registry", "validate"],
    ["registry", "generate"],
    ["registry", "list"],
    ["db", "readiness"],
    ["db", "orphans"],
    ["db", "references"],
    ["demo"],
    ["explain"],
    ["report-schema"],
  ];
  for (const name of names) {
    const { stdout, code } = await tenantctl([...name, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}\$ tenantctl /);
  }
});

test("explain prints the rule's page, and knows the nearest one", async () => {
  const { stdout, code } = await tenantctl(["explain", "db/missing-index"]);
  expect(code).toBe(0);
  expect(stdout).toBe(readFileSync(join(root, "docs/rules/db/missing-index.md"), "utf8"));
  const wrong = await tenantctl(["explain", "missing-index"]);
  expect([wrong.code, wrong.stderr.includes("did you mean tenantctl explain")]).toEqual([64, true]);
});

test("report-schema prints the schema that every report here obeys", async () => {
  const { stdout, code } = await tenantctl(["report-schema"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "tenantctl report",
  });
});

test("--version is the package's, and is answered by every spelling", async () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const args of [["--version"], ["-V"], ["--version", "extra"]])
    expect((await tenantctl(args)).stdout).toBe(`${version}\n`);
});

test("nothing was written beside what was asked for", () => {
  expect(existsSync(join(exampleFolder, ".tenantctl"))).toBe(false);
});
