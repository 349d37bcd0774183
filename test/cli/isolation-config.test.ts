import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { project } from "../support/project.js";
import { type Fault, startProjectApi } from "../support/project-api.js";
import { tenantA, tenantB } from "../support/rental-api.js";
import { expectValidReport } from "../support/report-schema.js";

const tokens = {
  TENANT_A: tenantA.id,
  TOKEN_A: tenantA.token,
  TENANT_B: tenantB.id,
  TOKEN_B: tenantB.token,
};

type Api = Awaited<ReturnType<typeof startProjectApi>>;

/** Runs a check with a section `isolation` of config against an API of projects and tasks. */
async function check(
  section: (api: Api) => object,
  { env = tokens as Record<string, string>, faults = [] as Fault[], args = [] as string[] } = {},
) {
  const api = await startProjectApi(...faults);
  try {
    const config = { isolation: { baseUrl: api.base, ...section(api) } };
    const cwd = project({ "tenantctl.config.json": JSON.stringify(config) });
    const result = await tenantctlJson(["isolation", "check", ...args], { cwd, env });
    const { code, report, stderr } = result;
    const text = JSON.stringify(report) + stderr;
    for (const secret of ["open sesame", tenantA.token, tenantB.token]) expect(text).not.toContain(secret);
    expectValidReport(result);
    const matrix = (report.checks[0]?.facts.matrix ?? []) as { route: string; outcome: string }[];
    return { code, report, matrix, routes: new Set(matrix.map(({ route }) => route)) };
  } finally {
    await api.close();
  }
}

const login = {
  request: "POST /login",
  body: { user: "{user}", password: "{password}" },
  token: "/session/token",
  tenant: "tenant",
};
const credentials = {
  a: { credentials: { user: "anna", password: "env:PASSWORD" } },
  b: { credentials: { user: "bert", password: "env:PASSWORD" } },
};

test("tenants sign in with credentials, and the answer says their ids", async () => {
  const env = { PASSWORD: "open sesame" };
  const { code, report } = await check(({ openapi }) => ({ openapi, login, tenants: credentials }), { env });
  expect(code).toBe(0);
  expect(report.checks[0]!.facts.tenants).toEqual([tenantA.id, tenantB.id]);
});

test.each<[string, object, Record<string, string>, RegExp, RegExp]>([
  [
    "a wrong password",
    { login, tenants: credentials },
    { PASSWORD: "wrong" },
    /tenant a can't sign in: POST \/login answers 401/,
    /credentials of isolation\.tenants\.a/,
  ],
  [
    "no token there",
    { login: { ...login, token: "jwt" }, tenants: credentials },
    { PASSWORD: "open sesame" },
    /without a token at jwt/,
    /JSON pointer/,
  ],
  [
    "no id there",
    { login: { ...login, tenant: undefined }, tenants: credentials },
    { PASSWORD: "open sesame" },
    /tenant a has no id/,
    /isolation\.login\.tenant/,
  ],
  [
    "no login",
    { tenants: credentials },
    { PASSWORD: "open sesame" },
    /does not say how to sign in/,
    /add isolation\.login/,
  ],
  ["no password", { login, tenants: credentials }, {}, /PASSWORD is not set/, /export PASSWORD/],
])("%s: the command says so and ends with 64", async (_, section, env, says, hint) => {
  const { code, report } = await check(({ openapi }) => ({ openapi, ...section }), { env });
  expect(code).toBe(64);
  expect(report.error?.message).toMatch(says);
  expect(report.error?.hint).toMatch(hint);
});

test("more users of a tenant try too, each in a check of its own, on what the tenant's own user created", async () => {
  const tenants = {
    a: { id: tenantA.id, token: "env:TOKEN_A", users: { viewer: "env:TOKEN_A" } },
    b: { id: tenantB.id, token: "env:TOKEN_B" },
  };
  const { report } = await check(({ openapi }) => ({ openapi, tenants }), {
    faults: ["list: the third page of all"],
  });
  const titles = report.checks.map(({ title }) => title);
  expect(titles).toEqual([
    expect.stringMatching(/: a against b$/),
    expect.stringMatching(/: a \(viewer\) against b$/),
  ]);
  const tried = report.checks.map(({ facts }) =>
    (facts.matrix as { label: string }[]).map(({ label }) => label),
  );
  expect(tried[0]).toContain("update");
  expect(tried[1]).toContain("update");
  expect(tried[1]).not.toContain("create");
  for (const { findings } of report.checks)
    expect(findings.map(({ rule }) => rule)).toEqual(["isolation/list"]);
});

test("of three tenants each is once on either side, and the report says who was", async () => {
  const tenants = {
    a: { id: tenantA.id, token: "env:TOKEN_A" },
    b: { id: tenantB.id, token: "env:TOKEN_B" },
    c: { id: "0c000000-3333-4c1f-8a77-3d1b6e5c4b03" },
  };
  const { report } = await check(({ openapi }) => ({ openapi, tenants }), { args: ["--read-only"] });
  expect(report.checks.map(({ facts }) => `${facts.attacker} against ${facts.victim}`)).toEqual([
    "a against b",
    "b against c",
    "b against a",
  ]);
});

test("routes from config alone: planted, tried, and a leak is found", async () => {
  const resources = [{ path: "/projects", create: { name: "New roof" }, update: { name: "Old roof" } }];
  const sound = await check(() => ({ resources }));
  expect(sound.code).toBe(0);
  expect([...sound.routes].sort()).toEqual([
    "DELETE /projects/{id}",
    "GET /projects",
    "GET /projects/{id}",
    "PATCH /projects/{id}",
    "POST /projects",
  ]);
  const open = await check(() => ({ resources }), { faults: ["update: by id alone"] });
  expect(open.report.checks[0]!.findings.map(({ rule, subject }) => `${rule} ${subject.route}`)).toEqual([
    "isolation/update PATCH /projects/{id}",
  ]);
});

test("config corrects the document: a resource left alone, a route taken away, a body", async () => {
  const { code, matrix, routes } = await check(({ openapi }) => ({
    openapi,
    resources: [
      { path: "/tasks", skip: "tested elsewhere" },
      { path: "/projects", remove: false, create: { name: "From config" } },
    ],
  }));
  expect(code).toBe(0);
  expect([...routes].filter((route) => route.includes("/tasks"))).toEqual([]);
  expect(routes).not.toContain("DELETE /projects/{projectId}");
  expect(matrix).toContainEqual(expect.objectContaining({ route: "POST /projects", outcome: "denied" }));
});

test("a key that is none is named, with the nearest one", async () => {
  const cwd = project({});
  const resources = [{ path: "/projects", delete: false }];
  writeFileSync(join(cwd, "tenantctl.config.json"), JSON.stringify({ isolation: { resources } }));
  const { code, stderr } = await tenantctl(["isolation", "check"], { cwd, env: tokens });
  expect(code).toBe(64);
  expect(stderr).toContain("isolation.resources.0 has no key delete");
});

test("coverage by the application's own list of routes, whatever it calls their parameters", async () => {
  const api = await startProjectApi();
  try {
    const routes = ["GET /projects", "GET /projects/{id}", "PATCH /projects/{id}", "GET /projects/hidden"];
    const cwd = project({ "routes.json": JSON.stringify(routes), "text.json": '"GET /projects"' });
    const flags = ["--openapi", api.openapi, "--base-url", api.base, "--json", "--output", "all.json"];
    expect((await tenantctl(["isolation", "check", ...flags], { cwd, env: tokens })).code).toBe(0);
    const coverage = (file: string) =>
      tenantctlJson(["isolation", "coverage", "all.json", "--routes", file], { cwd, env: tokens });
    const { code, report } = await coverage("routes.json");
    expect(code).toBe(1);
    expect(report.checks[0]!.findings.map(({ subject }) => subject.route)).toEqual(["GET /projects/hidden"]);
    expect((await coverage("text.json")).report.error?.message).toMatch(/no list of routes/);
    expect((await coverage("nowhere.json")).code).toBe(64);
  } finally {
    await api.close();
  }
});
