import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { clientOf, indexState, itemsTable } from "../support/indexes.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
  await database.query(itemsTable(100));
  return () => database.drop();
});
const env = () => ({ DATABASE_URL: database.url });
const create = ["index", "create", "--table", "items", "--columns", "a"];

test("from the first look to the undo", async () => {
  const cwd = project({});
  const dry = await tenantctl([...create, "--dry-run"], { cwd, env: env() });
  expect(dry.code).toBe(0);
  expect(dry.stdout).toContain('CREATE INDEX CONCURRENTLY "items_a_idx" ON "public"."items" ("a");');
  expect(await indexState(database, "items_a_idx")).toBe("none");

  const made = await tenantctlJson([...create, "--yes"], { cwd, env: env() });
  expectValidReport(made);
  expect(made.code).toBe(0);
  expect(made.report.checks[0]!.facts.indexes).toMatchObject([{ index: "items_a_idx", state: "built" }]);
  expect(made.stderr).toMatch(/public\.items_a_idx: started\n.*public\.items_a_idx: built/s);

  const undone = await tenantctl(["index", "drop", "--built", "last", "--yes"], { cwd, env: env() });
  expect(undone.code).toBe(0);
  expect(undone.stdout).toMatch(
    /to have them again:\s+CREATE INDEX CONCURRENTLY items_a_idx ON public\.items USING btree \(a\);/,
  );
  const none = await tenantctl(["index", "drop", "--built", "last", "--yes"], { cwd, env: env() });
  expect(none.code).toBe(64);

  const folder = join(cwd, ".tenantctl", "indexes");
  const journals = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  for (const text of journals) expect(text).not.toContain(new URL(database.url).password);
});

test("nobody said yes: nothing is changed", async () => {
  const result = await tenantctl(create, { cwd: project({}), env: env() });
  expect(result.code).toBe(64);
  expect(result.stderr).toMatch(/build 1 index in .*nobody said yes\n--yes does it/);
  expect(await indexState(database, "items_a_idx")).toBe("none");
});

test("a protected environment wants its name", async () => {
  const config = { protected: true, environments: { production: {}, staging: {} } };
  const cwd = project({ "tenantctl.config.json": JSON.stringify(config) });
  const at = (...more: string[]) =>
    tenantctl([...create, "--env", "production", ...more], { cwd, env: env() });
  expect((await at("--yes")).stderr).toMatch(/protected.*\n--confirm production/);
  expect(await at("--yes", "--confirm", "staging")).toMatchObject({ code: 64 });
  expect(await indexState(database, "items_a_idx")).toBe("none");
  expect(await at("--confirm", "production")).toMatchObject({ code: 0 });
  expect(await indexState(database, "items_a_idx")).toBe("valid");
});

test("rows and other sessions' statements are left out without samples", async () => {
  const other = await clientOf(database.url, "api");
  await other.query("begin; update items set body = 'a secret' where id = 1");
  const args = ["index", "create", "--table", "items", "--columns", "body", "--dry-run"];
  const shown = await tenantctlJson(args, { cwd: project({}), env: env() });
  expect(shown.stdout).toContain("a secret");
  const bare = await tenantctlJson([...args, "--no-samples"], { cwd: project({}), env: env() });
  expect(bare.stdout).not.toContain("a secret");
  expect(bare.report.checks[0]!.facts.indexes).toMatchObject([
    { waitedFor: [{ kind: "lock", state: "idle in transaction" }] },
  ]);
  await other.query("rollback");
});

test("duplicates: exit 1, the keys in the evidence, and not without samples", async () => {
  await database.query("update items set b = 77 where id in (5, 6)");
  const args = ["index", "create", "--table", "items", "--columns", "b", "--unique", "--yes"];
  const result = await tenantctlJson(args, { cwd: project({}), env: env() });
  expect(result.code).toBe(1);
  expectValidReport(result);
  expect(result.report.checks[0]!.findings[0]!.evidence).toMatchObject({
    rows: 3,
    keys: 1,
    sample: ["77: 3 rows"],
  });
  const bare = await tenantctl([...args, "--no-samples", "--json"], { cwd: project({}), env: env() });
  expect(bare.stdout).not.toContain("77: 3 rows");
});

describe("wrong usage", () => {
  const files = { "bad.json": "{", "empty.json": '{"schemaVersion": 1, "indexes": []}' };
  test.each([
    [["index", "create"], /no index is named/],
    [["index", "create", "nowhere.json"], /can't read nowhere\.json: ENOENT/],
    [["index", "create", "bad.json"], /bad\.json is no JSON/],
    [["index", "create", "empty.json"], /it names no index/],
    [["index", "create", "empty.json", "--table", "x"], /--table and a file say two things/],
    [[...create, "--name", "é".repeat(32)], /keeps 63 bytes of a name/],
    [[...create, "--columns", "a,,b"], /has an empty name/],
    [[...create, "--max-wal", "much"], /a size such as 512MB/],
    [[...create, "--max-lag", "-3s"], /a time such as 30s|a size such as/],
    [[...create, "--maintenance-work-mem", "1'; drop"], /as PostgreSQL takes it/],
    [["index", "drop"], /no index is named/],
    [["index", "drop", "x", "--built", "last"], /say two things/],
    [["index", "drop", "nothing_there", "--yes"], /there is no index nothing_there/],
    [["index", "drop", "--built", "nowhere.jsonl", "--yes"], /there is no journal nowhere\.jsonl/],
  ])("%j", async (args, expected) => {
    const result = await tenantctl(args, { cwd: project(files), env: env() });
    expect(result.stderr).toMatch(expected);
    expect(result.code).toBe(64);
  });

  test("a setting that the server does not take can't be done", async () => {
    const result = await tenantctl([...create, "--yes", "--maintenance-work-mem", "999999999TB"], {
      cwd: project({}),
      env: env(),
    });
    expect(result.stderr).toMatch(/does not take a setting.*\ncheck --maintenance-work-mem/);
    expect(result.code).toBe(2);
  });
});
