import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";
import { sampleSchema, sampleTables, tenantA, tenantB } from "../support/sample-application.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
});
afterAll(() => database.drop());

const invariants = `[{ name: "codes", sql: "select code from clients where code = ''", expect: "no rows" }]`;
const files = {
  "prisma/schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}`,
  "tenantctl.config.ts": `import { defineConfig } from "tenantctl";
export default defineConfig({ tenant: { model: "Tenant", column: "tenantId" }, database: { invariants: ${invariants} } });`,
};

function at(folder: string) {
  const options = { cwd: folder, env: { DATABASE_URL: database.url, COLUMNS: "80" } };
  return {
    json: (...args: string[]) => tenantctlJson(["db", ...args], options),
    text: (...args: string[]) => tenantctl(["db", ...args], options),
  };
}

test("no snapshot, then one, then harm, then its end", async () => {
  const { json, text } = at(project(files));
  const without = await json("verify");
  expect(without.code).toBe(3);
  expect(without.report.checks.map(({ id, status }) => [id, status])).toEqual([
    ["integrity", "inconclusive"],
    ["orphans", "pass"],
    ["references", "pass"],
  ]);
  const taken = await json("snapshot");
  expectValidReport(taken);
  expect(taken.code).toBe(0);
  expect(taken.report.checks[0]!.facts.file).toMatch(/^\.tenantctl\/snapshots\/test_.*\.json$/);
  const same = await json("verify");
  expectValidReport(same);
  expect(same.code).toBe(0);
  await database.query(`update assets set "tenantId" = '${tenantB}', "clientId" = null where id = 1`);
  const harmed = await json("verify");
  expectValidReport(harmed);
  expect(harmed.code).toBe(1);
  const shown = await text("verify");
  expect(shown.stdout).toContain(`tenant ${tenantA}: 1 row moved away (20, now 19)`);
  expect(shown.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  const bare = await text("verify", "--no-samples");
  expect(bare.code).toBe(1);
  expect(bare.stdout).not.toContain(tenantA);
  await database.query(`update assets set "tenantId" = '${tenantA}', "clientId" = 2 where id = 1`);
  await database.query("update lines set note = 'other' where id = 1");
  const changed = await json("verify");
  expect(changed.code).toBe(1);
  expect(changed.report.checks[0]!.findings.map(({ rule }) => rule)).toEqual(["db/rows-changed"]);
  await database.query("update lines set note = 'n' where id = 1");
  expect((await json("verify")).code).toBe(0);
});

test("two files, and what does not fit", async () => {
  const folder = project({ ...files, "other.json": "{}" });
  const { json, text } = at(folder);
  await json("snapshot", "--to", "one.json");
  await database.query("insert into lines values (900, 1, 'new')");
  await json("snapshot", "--to", "two.json");
  await database.query("delete from lines where id = 900");
  const { report, code } = await json("compare", "one.json", "two.json");
  // What was added is a warning; that the values of its tenant's other rows are the same is not known.
  expect(code).toBe(3);
  expect(report.checks[0]!.findings.map(({ rule }) => rule)).toEqual(["db/rows-added"]);
  const back = await json("compare", "two.json", "one.json");
  expect(back.stderr).toContain("note: two.json was taken after the other one");
  expect(back.report.checks[0]!.findings.map(({ rule }) => rule)).toEqual(["db/rows-lost"]);
  expect((await json("compare", "one.json")).code).toBe(0);
  const elsewhere = readFileSync(join(folder, "one.json"), "utf8").replaceAll(
    '"schema":"public"',
    '"schema":"shop"',
  );
  writeFileSync(join(folder, "shop.json"), elsewhere);
  for (const [args, message] of [
    [["compare", "none.json"], "the snapshot none.json is not there"],
    [["snapshot", "--to", "one.json"], "one.json is there already"],
    [["compare", "other.json"], "other.json is no snapshot of tenantctl"],
    [["compare", "shop.json"], "shop.json is a snapshot of another application"],
    [
      ["compare", "one.json", "two.json", "--since", "updatedAt"],
      "--since and --created ask the live database",
    ],
    [["compare", "one.json", "--since", "updatedAt"], "no table has a column of that name that holds a time"],
  ] as const) {
    const result = await text(...args);
    expect(result.code, result.stderr).toBe(64);
    expect(result.stderr.replaceAll(`${folder}/`, "")).toContain(message);
  }
});

test("of the stored ones the newest counts, and it has to be whole", async () => {
  const folder = project(files);
  const { json, text } = at(folder);
  const stored = join(folder, ".tenantctl/snapshots");
  expect((await json("snapshot")).code).toBe(0);
  const [name] = readdirSync(stored);
  const nameAt = (time: string) => join(stored, name!.replace(/\d{8}T.*$/, `${time}.json`));
  writeFileSync(nameAt("20200101T000000000000Z"), "cut o");
  expect((await json("verify")).code).toBe(0);
  writeFileSync(nameAt("29990101T000000000000Z"), "cut o");
  const damaged = await text("verify");
  expect(damaged.code).toBe(64);
  expect(damaged.stderr).toContain("is no snapshot: it is no JSON, or is cut off");
  const nowhere = await text("snapshot", "--to", "nowhere/one.json");
  expect(nowhere.code).toBe(2);
  expect(nowhere.stderr).toContain("can't write nowhere/one.json");
});

test("invariants of config have names of their own, and known keys", async () => {
  const config = (invariant: string) => ({
    ...files,
    "tenantctl.config.ts": files["tenantctl.config.ts"].replace("}] }", `}, ${invariant}] }`),
  });
  const twice = await at(project(config(`{ name: "codes", sql: "select 1" }`))).text("snapshot");
  expect(twice.code).toBe(64);
  expect(twice.stderr).toContain("database.invariants: two have the same name");
  const unknown = await at(project(config(`{ name: "sum", sql: "select 1", expects: "no rows" }`))).text(
    "snapshot",
  );
  expect(unknown.code).toBe(64);
  expect(unknown.stderr).toMatch(/invariants\.1 has no key expects, did you mean expect\?/);
});

test("killed in the middle it leaves no file, and can be run again", async () => {
  const folder = project(files);
  const blocker = new pg.Client(database.url);
  await blocker.connect();
  await blocker.query("begin; lock table assets in access exclusive mode");
  const isWaiting = async () =>
    (await database.query("select 1 from pg_locks where not granted and relation = 'assets'::regclass"))
      .length > 0;
  try {
    const killed = await tenantctl(["db", "snapshot"], {
      cwd: folder,
      env: { DATABASE_URL: database.url },
      killWhen: { signal: "SIGKILL", ready: isWaiting },
    });
    expect(killed.code).toBeNull();
    expect(existsSync(join(folder, ".tenantctl"))).toBe(false);
  } finally {
    await blocker.end();
  }
  expect((await at(folder).json("snapshot")).code).toBe(0);
  const [name] = readdirSync(join(folder, ".tenantctl/snapshots"));
  expect(JSON.parse(readFileSync(join(folder, ".tenantctl/snapshots", name!), "utf8")).tables).toHaveLength(
    4,
  );
});
