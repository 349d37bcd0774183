import { afterAll, beforeAll, expect, test } from "vitest";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";
import { sampleSchema, sampleTables } from "../support/sample-application.js";

let eu: TestDatabase;
let empty: TestDatabase;
beforeAll(async () => {
  [eu, empty] = [await createDatabase(), await createDatabase()];
  await eu.query(sampleTables);
});
afterAll(async () => {
  await eu.drop();
  await empty.drop();
});

const schema = { "prisma/schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}` };
const flags = ["--tenant-model", "Tenant", "--tenant-column", "tenantId"];
const incomplete = {
  ...schema,
  "src/registry.ts":
    'export const TENANT_SCOPED_MODELS = ["Client"];\nexport const GLOBAL_MODELS = ["Tenant"];\n',
};
const several = {
  ...schema,
  "tenantctl.config.json": '{ "databases": { "us": { "url": "env:US" }, "eu": { "url": "env:EU" } } }',
};
const statuses = (checks: readonly { id: string; status: string }[]) =>
  checks.map(({ id, status }) => `${id} ${status}`);

const unreadable: [string, () => string, string[], RegExp][] = [
  ["is empty", () => empty.url, [], /has none of the schema's 4 tables in public; .*migrate deploy/],
  ["is too slow", () => eu.url, ["--statement-timeout", "0.001"], /statement timeout/],
  ["is not there", () => "postgresql://nobody@127.0.0.1:1/none", [], /nothing answers there/],
];

test.each(unreadable)(
  "what the registry showed stands when the database %s",
  async (_, url, more, reason) => {
    const options = { cwd: project(incomplete), env: { DATABASE_URL: url() } };
    const result = await tenantctlJson(["audit", ...flags, ...more], options);
    expectValidReport(result);
    expect(result.code).toBe(1);
    expect(result.report.error).toBeUndefined();
    expect(statuses(result.report.checks)).toEqual([
      "registry fail",
      "readiness error",
      "orphans error",
      "references error",
    ]);
    for (const check of result.report.checks.slice(1)) expect(check.reason).toMatch(reason);
    const never = await tenantctl(["audit", ...flags, ...more, "--fail-on", "never"], options);
    expect(never.code).toBe(2);
  },
);

const unavailable: [string, () => string, RegExp][] = [
  ["is empty", () => empty.url, /has none of the schema's 4 tables/],
  ["has an unset variable", () => "", /environment variable US is not set; set it: export US/],
  ["is not there", () => "postgresql://nobody@127.0.0.1:1/none", /nothing answers there/],
  ["has no PostgreSQL URL", () => "mysql://h/db", /no PostgreSQL URL/],
];
const commands = [
  ["audit"],
  ["db", "readiness"],
  ["db", "orphans"],
  ["db", "references"],
  ["db", "distribution"],
];

test.each(unavailable)("of two databases one %s: the other's results stand", async (_, us, reason) => {
  for (const command of commands) {
    const options = { cwd: project(several), env: { US: us(), EU: eu.url } };
    const result = await tenantctlJson([...command, ...flags], options);
    expectValidReport(result);
    expect(result.code, command.join(" ")).toBe(2);
    for (const check of result.report.checks.filter(({ facts }) => facts.databaseName === "us")) {
      expect(check).toMatchObject({ status: "error", reason: expect.stringMatching(reason) });
      expect(check.title).toMatch(/ \(us\)$/);
    }
    const found = result.report.checks.filter(({ facts }) => facts.databaseName === "eu");
    expect(new Set(found.map(({ status }) => status))).toEqual(new Set(["pass"]));
    const text = await tenantctl([...command, ...flags], options);
    expect([text.code, text.stdout.includes("(us)")]).toEqual([2, true]);
  }
});

test("findings of one database outrank that the other could not be had", async () => {
  await eu.query('update assets set "clientId" = 101 where id = 1');
  const options = { cwd: project(several), env: { EU: eu.url } };
  const result = await tenantctlJson(["audit", ...flags], options);
  expect(result.code).toBe(1);
  expect(result.report.checks.flatMap(({ findings }) => findings)).toMatchObject([
    { rule: "db/cross-tenant-reference", subject: { database: "eu" } },
  ]);
  await eu.query('update assets set "clientId" = 1 where id = 1');
});

test("the only database's unset variable is wrong usage, and so is what does not fit", async () => {
  const options = { cwd: project(several), env: { EU: eu.url } };
  for (const command of commands)
    expect((await tenantctl([...command, ...flags, "--database", "us"], options)).code).toBe(64);
  const table = await tenantctl(["db", "distribution", ...flags, "--table", "nosuch"], options);
  expect(table.code).toBe(64);
});

test("db distribution that times out on the only database says so, and is no fault of tenantctl", async () => {
  const options = { cwd: project(schema), env: { DATABASE_URL: eu.url } };
  const result = await tenantctlJson(
    ["db", "distribution", ...flags, "--statement-timeout", "0.001"],
    options,
  );
  expect(result.code).toBe(2);
  expect(result.report.error?.message).toMatch(/could not be read: .*statement timeout/);
});
