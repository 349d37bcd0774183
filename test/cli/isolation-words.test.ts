import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { project } from "../support/project.js";
import { startProjectApi } from "../support/project-api.js";
import { tenantA, tenantB } from "../support/rental-api.js";
import { expectValidReport } from "../support/report-schema.js";

const env = { TENANT_A: tenantA.id, TOKEN_A: tenantA.token, TENANT_B: tenantB.id, TOKEN_B: tenantB.token };

let api: Awaited<ReturnType<typeof startProjectApi>>;
let document: { paths: Record<string, Record<string, object>> };
beforeAll(async () => {
  api = await startProjectApi("noise: no delete");
  document = (await (await fetch(api.openapi)).json()) as typeof document;
});
afterAll(() => api.close());

/** A project whose document is the API's, changed, and whose config has this section. */
const projectWith = (isolation: object, changes: object = {}) =>
  project({
    "openapi.json": JSON.stringify({ ...document, ...changes }),
    "tenantctl.config.json": JSON.stringify({
      isolation: { baseUrl: api.base, openapi: "openapi.json", ...isolation },
    }),
  });

const readOnly = ["isolation", "check", "--read-only"];

test("coverage: what is open, shared or skipped is declared; what a reading check leaves out is no finding", async () => {
  const login = { "/login": { post: { security: [], responses: { 200: { description: "Signed in" } } } } };
  const file = { "/files/{name}": { get: { responses: { 200: { description: "A file" } } } } };
  const changes = { paths: { ...document.paths, ...login, ...file } };
  const cwd = projectWith(
    { shared: ["/stats"], resources: [{ path: "/tasks", skip: "tested elsewhere" }] },
    changes,
  );
  const check = await tenantctl([...readOnly, "--json", "--output", "read.json"], { cwd, env });
  expect(check.stderr).toContain("note: it only read: 3 routes to create, change or delete left out");
  expect(check.stderr).toContain("note: not tried: 1 route: GET /files/{name}");

  const coverage = ["isolation", "coverage", "read.json"];
  const result = await tenantctlJson(coverage, { cwd, env });
  expectValidReport(result);
  const { facts, findings, status, obstacle } = result.report.checks[0]!;
  expect(facts.declared).toEqual(
    expect.arrayContaining([
      { route: "POST /login", reason: "open in the document" },
      { route: "GET /tasks/{taskId}", reason: "skipped by config: tested elsewhere" },
    ]),
  );
  expect(facts.leftOut).toEqual([
    "POST /projects",
    "PATCH /projects/{projectId}",
    "POST /projects/{projectId}/close",
  ]);
  expect(findings.map(({ subject }) => subject.route)).toEqual(["GET /files/{name}"]);
  expect([status, obstacle, result.code]).toEqual(["fail", "inconclusive", 1]);

  const { stdout } = await tenantctl(coverage, { cwd, env });
  expect(stdout).toContain("? inconclusive  Routes and their probes: the check only read");
  expect(stdout).toMatch(/Routes and their probes {2}1 error, 4 of 13 routes probed/);
  expect(stdout).toContain("    open in the document\n      POST /login\n");
  expect(stdout).toContain("    routes that write, in a check that only read\n      POST /projects\n");
});

test("coverage: what only reading leaves out is inconclusive, and a path of config's own is covered too", async () => {
  const cwd = projectWith({
    resources: [{ path: "/reports", item: "/reports/{id}", read: false, remove: false }],
    shared: ["/reports"],
    unprobed: { "GET /tasks/{id}": "there are none to read" },
  });
  await tenantctl([...readOnly, "--json", "--output", "read.json"], { cwd, env });
  const { code, report } = await tenantctlJson(["isolation", "coverage", "read.json"], { cwd, env });
  expect(report.checks[0]!.findings).toEqual([]);
  expect(report.checks[0]!.facts.declared).toContainEqual({
    route: "GET /reports",
    reason: "shared by config",
  });
  expect(code).toBe(3);
});

test("most lists answer 404: the base path that is missing is said once, at the top, and the next command", async () => {
  const get = { get: { responses: { 200: { description: "Done" } } } };
  const changes = {
    servers: [{ url: "https://api.example.com/{version}", variables: { version: { default: "v9" } } }],
    paths: { "/bills": get, "/clients": get, "/goods": get },
  };
  const cwd = projectWith({}, changes);
  const table = await tenantctl(readOnly, { cwd, env });
  expect(table.code).toBe(3);
  const flat = table.stdout.replace(/\s+/g, " ");
  expect(flat).toMatch(
    /^! 3 of 3 lists answer 404 to their own tenant: the base URL http:\S+ lacks the base path of the document's servers, \/v9; next: --base-url http:\S+\/v9, or/,
  );
  // Each reason once, then the routes that share it, a line each.
  const reason = "    tenant a can't read its own data: it answers 404\n";
  expect(table.stdout.split(reason)).toHaveLength(2);
  expect(table.stdout).toContain(
    `${reason}      GET /bills (list)\n      GET /clients (list)\n      GET /goods (list)\n`,
  );
  const markdown = await tenantctl([...readOnly, "--format", "markdown"], { cwd, env });
  expect(markdown.stdout).toContain("> ⚠️ 3 of 3 lists answer 404");
  expect(markdown.stdout).toContain(
    "- tenant a can't read its own data: it answers 404\n  - `GET /bills (list)`\n",
  );
  const html = await tenantctl([...readOnly, "--format", "html"], { cwd, env });
  expect(html.stdout).toMatch(/<p class="hint">3 of 3 lists answer 404/);
  expect(html.stdout).toMatch(/it answers 404<ul><li><code>GET \/bills \(list\)<\/code><\/li>/);
  const junit = await tenantctl([...readOnly, "--format", "junit"], { cwd, env });
  expect(junit.stdout).toContain("    GET /clients (list)");

  const known = await tenantctlJson(readOnly, { cwd: projectWith({}), env });
  expect(known.report.checks[0]!.facts.hints).toBe(undefined);
});

const jwt = (claims: object) =>
  ["{}", JSON.stringify(claims), "signature"]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");

test("tokens that have expired are named, and no more of them", async () => {
  const [old, other] = ["a", "b"].map((sub) => jwt({ sub, exp: 1_600_000_000 }));
  const result = await tenantctlJson(readOnly, {
    cwd: projectWith({}),
    env: { ...env, TOKEN_A: old, TOKEN_B: other },
  });
  expect(String(result.report.checks[0]!.facts.hints)).toMatch(
    /^\d of \d lists answer 401 to their own tenant: the token of tenant a expired at 2020-09-13T12:26:40\.000Z, .*; next: sign in again and export TOKEN_A and TOKEN_B$/,
  );
  expect(result.stdout + result.stderr).not.toContain(old);
});

test("two tokens of one tenant, by what they say, are wrong usage", async () => {
  const [left, right] = ["anna", "bert"].map((sub) => jwt({ sub, tenantId: tenantA.id }));
  const result = await tenantctlJson(readOnly, {
    cwd: projectWith({}),
    env: { ...env, TOKEN_A: left, TOKEN_B: right },
  });
  expect(result.code).toBe(64);
  expect(result.report.error?.message).toBe(
    `the tokens of tenants a and b are of one tenant: both say tenantId ${tenantA.id}`,
  );
});

test.each<[string, object, string]>([
  ["shared", { shared: ["/stat"] }, "isolation.shared: no route is at /stat, did you mean /stats?"],
  ["shared, and far from all", { shared: ["/nothing"] }, "isolation.shared: no route is at /nothing"],
  [
    "shared, with a base path",
    { shared: ["/api/v1/stats"] },
    "no route is at /api/v1/stats, did you mean /stats?",
  ],
  [
    "skipped",
    { resources: [{ path: "/task", skip: "x" }] },
    "isolation.resources.0: nothing is at /task that could be skipped, did you mean /tasks?",
  ],
  [
    "corrected",
    { resources: [{ path: "/project", create: { name: "x" } }] },
    'no route is at /project, did you mean /projects? If it is a route of its own, give it its item: "/project/{id}"',
  ],
])("a path that is %s and is none: it is named, with the nearest", async (_, section, says) => {
  for (const args of [readOnly, ["isolation", "coverage", "read.json"]]) {
    const cwd = projectWith(section);
    await tenantctl(["isolation", "check", `${api.base}/projects`, "--json", "--output", "read.json"], {
      cwd,
      env,
    });
    const { code, report } = await tenantctlJson(args, { cwd, env });
    expect(code).toBe(64);
    expect(report.error?.message).toContain(says);
    expect(report.error?.message.includes("did you mean")).toBe(says.includes("did you mean"));
  }
});

test("what can't be deleted is said before it is created, listed afterwards, and told by cleanup once", async () => {
  const cwd = projectWith({ resources: [{ path: "/tasks", skip: "x" }] });
  const check = await tenantctlJson(["isolation", "check"], { cwd, env });
  const left = check.report.checks[0]!.facts.left as string[];
  expect(left.length).toBeGreaterThan(5);
  expect(check.stderr).toMatch(
    /^note: the API has no way to delete what is created at \/projects: it stays there/,
  );
  expect(check.stderr).toContain(`note: ${left.length} created objects still there`);
  expect(check.stderr).toContain(
    `: ${left.length} at /projects; tenantctl isolation cleanup --dry-run names each`,
  );

  const cleanup = (...args: string[]) => tenantctl(["isolation", "cleanup", ...args], { cwd, env });
  const dry = await cleanup("--dry-run");
  expect(dry.code).toBe(0);
  expect(dry.stdout).toContain(`${left.length} objects can't be deleted: the API has no way to`);
  expect(dry.stdout).toContain("✓ PASS  0 objects would be deleted; nothing was");
  const real = await cleanup();
  expect(real.code).toBe(0);
  for (const path of left) expect(real.stdout).toContain(path);
  expect(real.stdout).toContain(`✓ PASS  0 objects deleted, ${left.length} can't be`);
  expect(readdirSync(join(cwd, ".tenantctl/isolation"))).toEqual([]);
  expect((await cleanup()).stdout).toBe("✓ PASS  no run has left anything\n");
});
