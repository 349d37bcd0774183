import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Item } from "../../src/doctor/index.js";
import { type CliOptions, tenantctl, tenantctlJson } from "../support/cli.js";
import { createDatabase, onServer, type TestDatabase, urlOf } from "../support/database.js";
import { answers, fakePm2, fakePrograms } from "../support/fake-programs.js";
import { fakeServer } from "../support/fake-server.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";
import { sampleSchema, sampleTables } from "../support/sample-application.js";

const password = "s3cret-Pa55";
const role = `doctor "x" ${process.pid}`;
const quotedRole = `"${role.replaceAll('"', '""')}"`;
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
  await onServer(inject("postgresUrl"), `create role ${quotedRole} login password '${password}'`);
});
afterAll(async () => {
  await database.query(`drop owned by ${quotedRole}`);
  await database.drop();
  await onServer(inject("postgresUrl"), `drop role ${quotedRole}`);
});

const schema = `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}`;
const tenant = { model: "Tenant", column: "tenantId" };
const configured = (config: object) => ({
  "prisma/schema.prisma": schema,
  "tenantctl.config.json": JSON.stringify({ tenant, ...config }),
});
const fleet = { fleet: { inventory: "inventory.ini" }, monitoring: {} };

async function doctor(args: readonly string[], options: CliOptions) {
  const result = await tenantctlJson(["doctor", ...args], options);
  expectValidReport(result);
  const items = new Map(result.report.checks.map(({ id, facts }) => [id, facts as unknown as Item]));
  return { ...result, item: (id: string) => items.get(id), ids: [...items.keys()] };
}
const asRole = () => urlOf(database.url, database.name, { name: encodeURIComponent(role), password });
const examined = (url: string, ...args: string[]) =>
  doctor(args, { cwd: project(configured({})), env: { PATH: fakePrograms({}), DATABASE_URL: url } });

test("an empty folder and an empty PATH: nothing is needed but Node, and all is said", async () => {
  const { code, report, item, ids } = await doctor([], { cwd: project({}), env: { PATH: fakePrograms({}) } });
  expect(code).toBe(0);
  expect(report.verdict).toBe("pass");
  expect(ids).toEqual([
    ...["node", "git", "ssh", "ansible", "pm2", "prometheus", "psql"],
    ...["config", "schema", "tenant", "registry", "connection"],
  ]);
  expect(item("node")).toMatchObject({ status: "pass", isNeeded: true, version: process.versions.node });
  for (const id of ids.slice(1)) expect(item(id), id).toMatchObject({ status: "skipped", isNeeded: false });
  expect(item("ansible")?.commands).toEqual(["apt-get install -y ansible-core"]);
});

test("without a fleet missing programs are skipped, with one they are errors that name their command", async () => {
  const PATH = fakePrograms({});
  const without = await doctor([], {
    cwd: project(configured({})),
    env: { PATH, DATABASE_URL: database.url },
  });
  expect(without.code).toBe(0);
  const missing = await doctor([], {
    cwd: project(configured(fleet)),
    env: { PATH, DATABASE_URL: database.url },
  });
  expect(missing.code).toBe(2);
  for (const id of ["git", "ssh", "ansible", "pm2", "prometheus"]) {
    expect(missing.item(id), id).toMatchObject({ status: "error", isNeeded: true, version: null });
    expect(missing.report.checks.find((check) => check.id === id)?.reason).toMatch(
      /^no .+ on PATH; without it: .+; (apt-get install -y|npm install -g) [\w-]+$/,
    );
  }
  expect(missing.item("psql")).toMatchObject({ status: "skipped" });
});

test("the programs' versions; pm2 is read, not run; what they see holds no secret", async () => {
  const PATH = fakePrograms({ ...answers, git: 'env >&2; echo "git version 2.43.0 $DATABASE_URL"' });
  fakePm2(PATH, "5.4.2");
  const cwd = project(configured(fleet));
  const { code, item, stdout } = await doctor([], { cwd, env: { PATH, DATABASE_URL: asRole() } });
  const versions = ["git", "ssh", "psql", "ansible", "pm2", "prometheus"].map((id) => item(id)?.version);
  expect(versions).toEqual(["2.43.0", "9.6p1", "16.4", "2.16.3", "5.4.2", "2.45.3+ds"]);
  expect(existsSync(join(PATH, "ran"))).toBe(false);
  expect(stdout).not.toContain(password);
  expect(code).toBe(2);
  expect((await doctor([], { cwd, env: { PATH, DATABASE_URL: database.url } })).code).toBe(0);
});

test("programs that do not work: a failure, no interpreter, silence, children that stay", async () => {
  const PATH = fakePrograms({
    git: "echo token-s3cret >&2; exit 3",
    ssh: "read line; sleep 60",
    "ansible-playbook": "sleep 60 & sleep 60",
    promtool: "exit 1",
    prometheus: "echo prometheus, version 2.45.3",
    psql: "echo no number here",
  });
  writeFileSync(join(PATH, "pm2"), "#!/no/such/interpreter\n", { mode: 0o755 });
  const start = Date.now();
  const { code, item, stdout } = await doctor([], {
    cwd: project(configured(fleet)),
    env: { PATH: `${PATH}:/usr/bin:/bin`, DATABASE_URL: database.url },
  });
  expect(code).toBe(2);
  expect(Date.now() - start).toBeLessThan(15_000);
  expect(item("git")).toMatchObject({
    status: "error",
    found: `${join(PATH, "git")} does not work: exit code 3`,
  });
  expect(item("git")?.commands).toEqual(["apt-get install --reinstall -y git"]);
  expect(item("ssh")?.found).toMatch(/no answer in 5 s|does not tell its version/);
  expect(item("ansible")?.found).toMatch(/does not work: no answer in 5 s$/);
  expect(item("prometheus")).toMatchObject({ status: "pass", version: "2.45.3" });
  expect(item("psql")).toMatchObject({ status: "pass", version: null });
  expect(stdout).not.toContain("token-s3cret");
});

test("what config refers to is read where it stands; a reference to nothing is an item", async () => {
  const cwd = project({
    "prisma/other.prisma": schema,
    "tenantctl.config.json": JSON.stringify({
      schema: "env:SCHEMA",
      tenant: { model: "env:TENANT_MODEL", column: "tenantId" },
    }),
  });
  const env = { PATH: fakePrograms(answers), DATABASE_URL: database.url, SCHEMA: "prisma/other.prisma" };
  const set = await doctor([], { cwd, env: { ...env, TENANT_MODEL: "Tenant" } });
  expect(set.item("schema")).toMatchObject({ status: "pass", found: expect.stringMatching(/other\.prisma/) });
  expect(set.item("tenant")).toMatchObject({ status: "pass" });
  expect(set.code).toBe(0);
  const unset = await doctor([], { cwd, env });
  expect(unset.item("config")).toMatchObject({
    status: "error",
    found: expect.stringMatching(/TENANT_MODEL is not set/),
  });
  expect(unset.code).toBe(2);
});

test("a config, a schema and a registry that can't be read are items, and the rest is shown", async () => {
  const env = { PATH: fakePrograms(answers), DATABASE_URL: database.url };
  const config = await doctor([], {
    cwd: project({ "prisma/schema.prisma": schema, "tenantctl.config.json": "{ no json" }),
    env,
  });
  expect(config.code).toBe(2);
  expect(config.item("config")?.found).toMatch(/can't read the config file tenantctl\.config\.json/);
  expect(config.item("config")?.blocks).toMatch(/what else is needed is not known/);
  expect(config.item("rights")).toMatchObject({ status: "pass" });
  expect(config.item("git")).toMatchObject({ status: "pass" });

  const broken = await doctor([], {
    cwd: project({
      ...configured({ registry: "registry.ts" }),
      "prisma/schema.prisma": `${schema}model A {\n  id Int\n}\n`,
    }),
    env,
  });
  expect(broken.code).toBe(2);
  expect(broken.item("schema")).toMatchObject({
    status: "error",
    found: expect.stringMatching(/schema\.prisma:\d+/),
  });
  expect(broken.item("registry")).toMatchObject({
    status: "error",
    found: expect.stringMatching(/registry\.ts/),
  });
  expect(broken.item("connection")).toMatchObject({ status: "pass" });
  expect(broken.item("rights")).toMatchObject({
    status: "error",
    found: expect.stringMatching(/^not looked at: /),
  });

  const named = await doctor(["--config", "nowhere.json"], { cwd: project({}), env: { PATH: env.PATH } });
  expect(named.code).toBe(2);
  expect(named.item("config")?.found).toMatch(/there is no config file nowhere\.json/);
});

test("a role without rights: what that hides, and statements that mend it when they are run", async () => {
  const none = await examined(asRole());
  expect(none.code).toBe(2);
  expect(none.item("rights")?.found).toMatch(/^4 of 4 tables of tenants' rows can't be read whole: public\./);
  expect(none.item("rights")?.blocks).toMatch(
    /^audit lacks references \(.+\); audit --deep or db distribution lacks orphans \(.+\), distribution \(.+\)$/,
  );
  expect(none.item("rights")?.commands).toHaveLength(1);
  expect(none.item("role")?.found).toBe(`${role} (no superuser, without BYPASSRLS)`);

  await database.query(`
    create schema "Odd ""s"; alter table lines set schema "Odd ""s";
    alter table clients enable row level security; create policy own on clients using (false);
  `);
  const odd = project({
    "prisma/schema.prisma": schema
      .replace('"postgresql"', '"postgresql"\n  schemas = ["public", "Odd \\"s"]')
      .replace(/@@map\("(tenants|clients|assets)"\)/g, '$&\n  @@schema("public")')
      .replace('@@map("lines")', '$&\n  @@schema("Odd \\"s")'),
    "tenantctl.config.json": JSON.stringify({ tenant }),
  });
  const env = { PATH: fakePrograms({}), DATABASE_URL: asRole() };
  const before = await doctor([], { cwd: odd, env });
  expect(before.item("rights")?.commands).toEqual([
    `GRANT USAGE ON SCHEMA "Odd ""s" TO ${quotedRole};`,
    expect.stringMatching(/^GRANT SELECT ON /),
    expect.stringMatching(/^GRANT SELECT ON /),
    `ALTER ROLE ${quotedRole} BYPASSRLS;`,
  ]);
  for (const statement of before.item("rights")!.commands) await database.query(statement);
  const after = await doctor([], { cwd: odd, env });
  expect(after.item("rights")).toMatchObject({ status: "pass", commands: [], hint: null });
  expect(after.code).toBe(0);
  expect((await tenantctl(["audit", "--deep", "--json"], { cwd: odd, env })).code).not.toBe(2);
  await database.query(`
    alter table "Odd ""s".lines set schema public; drop schema "Odd ""s";
    drop policy own on clients; alter table clients disable row level security;
    alter role ${quotedRole} nobypassrls; revoke all on all tables in schema public from ${quotedRole};
  `);
});

test("what hides only further checks is no error", async () => {
  await database.query(`grant select on tenants, clients, assets to ${quotedRole}`);
  const { code, item } = await examined(asRole());
  expect(item("rights")).toMatchObject({ status: "skipped", isNeeded: false });
  expect(item("rights")?.commands).toEqual([`GRANT SELECT ON "public"."lines" TO ${quotedRole};`]);
  expect(code).toBe(0);
  await database.query(`revoke all on all tables in schema public from ${quotedRole}`);
});

test("without the tenants' table no distribution can be told, of whatever table", async () => {
  await database.query(`grant select on clients, assets, lines to ${quotedRole}`);
  const { item } = await examined(asRole());
  expect(item("rights")?.blocks).toMatch(/db distribution lacks .*distribution \(.*clients.*\)/);
  const options = { cwd: project(configured({})), env: { DATABASE_URL: asRole() } };
  const { report } = await tenantctlJson(["db", "distribution"], options);
  expect(report.checks[0]?.reason).toMatch(/^3 of 3 tables could not be read: public\.tenants: /);
  await database.query(`revoke all on all tables in schema public from ${quotedRole}`);
});

test("pg_stat_statements and pg_read_all_stats: the statements are the server's own", async () => {
  const { item } = await examined(asRole());
  expect(item("pg_read_all_stats")).toMatchObject({
    status: "skipped",
    commands: [`GRANT pg_read_all_stats TO ${quotedRole};`],
  });
  const owner = await examined(database.url);
  expect(owner.item("pg_read_all_stats")).toMatchObject({ status: "pass" });
  const statements = owner.item("pg_stat_statements");
  expect(statements).toMatchObject({
    status: "skipped",
    found: "not preloaded, not created in this database",
  });
  const preload = statements!.commands.find((each) => each.startsWith("ALTER SYSTEM"))!;
  await database.query(preload);
  const [row] = await database.query<{ setting: string }>(
    "select setting from pg_file_settings where name = 'shared_preload_libraries' order by seqno desc limit 1",
  );
  await database.query("alter system reset shared_preload_libraries");
  expect(row?.setting).toBe("pg_stat_statements");
  await database.query(item("pg_read_all_stats")!.commands[0]!);
  expect((await examined(asRole())).item("pg_read_all_stats")).toMatchObject({ status: "pass" });
  await database.query(`revoke pg_read_all_stats from ${quotedRole}`);
});

test("databases that refuse are items with their reason; the others are looked at", async () => {
  const tooOld = await fakeServer("version 11");
  const cwd = project(
    configured({ databases: { eu: { url: "env:EU" }, us: { url: "env:US" }, old: { url: "env:OLD" } } }),
  );
  const refused = urlOf("postgresql://u@127.0.0.1:1/x", "x", { name: "u", password });
  const env = { PATH: fakePrograms({}), EU: database.url, US: refused, OLD: tooOld };
  const { code, item, stdout } = await doctor([], { cwd, env });
  expect(code).toBe(2);
  expect(item("eu/rights")).toMatchObject({ status: "pass" });
  expect(item("eu/server")?.found).toMatch(/^PostgreSQL \d+[\w.]*, the primary$/);
  expect(item("us/connection")).toMatchObject({
    status: "error",
    found: expect.stringMatching(/nothing answers/),
  });
  expect(item("us/connection")?.hint).toMatch(/pg_isready/);
  expect(item("old/connection")?.found).toMatch(/is PostgreSQL 11\.22; tenantctl needs 12 or later/);
  expect(stdout).not.toContain(password);
  expect((await doctor(["--database", "eu"], { cwd, env })).code).toBe(0);
  const wrong = await tenantctl(["doctor", "--database", "asia"], { cwd, env });
  expect(wrong.code).toBe(64);
});

test("a database without the schema's tables, and a variable that is not set", async () => {
  const empty = await createDatabase();
  const { code, item } = await examined(empty.url);
  expect(code).toBe(2);
  expect(item("rights")?.found).toMatch(/has none of the schema's 4 tables/);
  await empty.drop();
  const cwd = project(configured({ database: { url: "env:MISSING" } }));
  const unset = await doctor([], { cwd, env: { PATH: fakePrograms({}) } });
  expect(unset.code).toBe(2);
  expect(unset.item("connection")?.found).toMatch(/environment variable MISSING is not set/);
});

test("Ctrl-C ends it at once, and the programs that it asked", async () => {
  const PATH = fakePrograms({ git: 'echo $$ > "$(dirname "$0")/pid"; sleep 60' });
  const pid = join(PATH, "pid");
  const start = Date.now();
  const { code } = await tenantctl(["doctor"], {
    cwd: project({}),
    env: { PATH: `${PATH}:/usr/bin:/bin` },
    killWhen: { signal: "SIGINT", ready: async () => existsSync(pid) && readFileSync(pid, "utf8") !== "" },
  });
  expect(code).toBe(130);
  expect(Date.now() - start).toBeLessThan(4500);
  expect(existsSync(`/proc/${readFileSync(pid, "utf8").trim()}/cmdline`)).toBe(false);
});

test("wrong usage is 64", async () => {
  const cwd = project(configured({ environments: { staging: {} } }));
  for (const args of [["--nonsense"], ["--env", "prod"], ["extra"]])
    expect((await tenantctl(["doctor", ...args], { cwd })).code, args.join(" ")).toBe(64);
});

test("the terminal at 80 columns, and every other format, say what is missing and what mends it", async () => {
  const cwd = project(configured(fleet));
  const env = { PATH: fakePrograms({ git: answers.git }), DATABASE_URL: asRole(), COLUMNS: "80" };
  const text = await tenantctl(["doctor"], { cwd, env });
  expect(text.code).toBe(2);
  expect(text.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(text.stdout).toMatch(/✓ git +2\.43\.0; for building/);
  expect(text.stdout).toMatch(/✗ ansible-playbook +no ansible-playbook on PATH; without it: deploy/);
  expect(text.stdout).toMatch(
    /✗ ERROR {2}5 needed things are missing: ssh, ansible, pm2, prometheus, rights/,
  );
  for (const format of ["html", "junit", "markdown", "sarif"]) {
    const { code, stdout } = await tenantctl(["doctor", "--format", format], { cwd, env });
    expect(code).toBe(2);
    if (format !== "html") expect(stdout, format).not.toMatch(/:;|;;/);
    for (const says of [
      "2.43.0",
      `the primary`,
      "apt-get install -y ansible-core",
      "GRANT SELECT ON",
      "psql",
    ])
      expect(stdout, `${format}: ${says}`).toContain(says);
    expect(stdout).not.toContain(password);
  }
});
