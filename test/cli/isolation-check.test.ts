import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { exampleFolder, startExample, useExample } from "../support/example.js";
import { signIn } from "../support/example-caller.js";
import { killed } from "../support/killed.js";
import { listening } from "../support/listening.js";
import { project } from "../support/project.js";
import { startProjectApi } from "../support/project-api.js";
import { startRentalApi, tenantA, tenantB } from "../support/rental-api.js";
import { expectValidReport } from "../support/report-schema.js";

const example = useExample();

async function tenantsOf(base: string) {
  const [a, b] = [await signIn(base, "harbor-rentals"), await signIn(base, "granite-rentals")];
  return { TENANT_A: a.tenantId, TOKEN_A: a.token, TENANT_B: b.tenantId, TOKEN_B: b.token };
}

const env = { TENANT_A: tenantA.id, TOKEN_A: tenantA.token, TENANT_B: tenantB.id, TOKEN_B: tenantB.token };
const check = (args: string[], variables: Record<string, string | undefined> = env) =>
  tenantctlJson(["isolation", "check", ...args], {
    cwd: project({}),
    env: variables as Record<string, string>,
  });

test("the example keeps its tenants apart, and no token is in any output", async () => {
  const tenants = await tenantsOf(example.app.base);
  const result = await check([`${example.app.base}/api/v1/assets`], tenants);
  expectValidReport(result);
  expect(result.report.checks.flatMap(({ findings }) => findings)).toEqual([]);
  expect(result.code).toBe(0);
  for (const format of ["table", "json", "junit", "sarif", "markdown", "html"]) {
    const args = ["isolation", "check", `${example.app.base}/api/v1/assets`, "--verbose", "--format", format];
    const { stdout, stderr } = await tenantctl(args, { cwd: project({}), env: tenants });
    for (const secret of [tenants.TOKEN_A, tenants.TOKEN_B])
      expect(stdout + stderr, format).not.toContain(secret);
  }
});

test("without its guard the example lets objects be read by their id", async () => {
  const open = await startExample(example.database.url, { TENANT_GUARD_MODE: "off" });
  try {
    const result = await check([`${open.base}/api/v1/assets`], await tenantsOf(open.base));
    expectValidReport(result);
    expect(result.code).toBe(1);
    const [finding, ...others] = result.report.checks.flatMap(({ findings }) => findings);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      rule: "isolation/read-by-id",
      subject: { route: "GET /api/v1/assets" },
      evidence: { confirmed: 2, attack: { as: "a", status: 200 }, control: { as: "b", status: 200 } },
    });
    expect(finding?.evidence.curl).toMatch(
      /^curl -sS -H "Authorization: Bearer \$TOKEN_A" -H 'X-Tenant-ID: .+' 'http/,
    );
  } finally {
    await open.stop();
  }
});

const openapi = join(exampleFolder, "openapi.json");
const shared = {
  "tenantctl.config.json": JSON.stringify({ isolation: { openapi, shared: ["/api/v1/modules"] } }),
};

test("every route of the example: nothing is found, and what can be deleted is", async () => {
  const cwd = project(shared);
  const args = ["isolation", "check", "--base-url", example.app.base];
  const result = await tenantctlJson(args, { cwd, env: await tenantsOf(example.app.base) });
  expectValidReport(result);
  expect(result.report.checks[0]?.reason).toBe(undefined);
  expect(result.report.checks[0]?.findings).toEqual([]);
  expect(result.code).toBe(0);
  // Quotations, invoices and payments are for good in this application, and hold what they refer to.
  const { created, left } = result.report.checks[0]!.facts as { created: number; left: string[] };
  expect(created - left.length).toBeGreaterThan(15);
}, 120_000);

test("every route of the example without its guard: each route that a guard is there for", async () => {
  const open = await startExample(example.database.url, { TENANT_GUARD_MODE: "off" });
  try {
    const args = ["isolation", "check", "--base-url", open.base];
    const result = await tenantctlJson(args, { cwd: project(shared), env: await tenantsOf(open.base) });
    expect(result.code).toBe(1);
    const found = result.report.checks[0]!.findings.map(
      ({ rule, subject }) => `${rule} ${subject.route}`,
    ).sort();
    const api = (rule: string, ...routes: string[]) =>
      routes.map((route) => `isolation/${rule} ${route.replace(" ", " /api/v1/")}`);
    expect(found).toEqual(
      [
        ...api(
          "read-by-id",
          ...["assets", "clients", "contracts", "invoices", "quotations", "supplies"].map(
            (name) => `GET ${name}/{id}`,
          ),
          "GET quotations/{id}/items/{itemId}",
        ),
        ...api(
          "update",
          "PATCH assets/{id}",
          "PATCH clients/{id}",
          "POST assets/{id}/rent",
          "POST assets/{id}/return",
        ),
        ...api("update", "POST quotations/{id}/approve", "POST quotations/{id}/convert"),
        ...api("delete", "DELETE assets/{id}", "DELETE clients/{id}", "DELETE supplies/{id}"),
        ...api("foreign-key-connect", "POST assets", "POST clients", "POST invoices", "POST quotations"),
        ...api("foreign-key-connect", "PATCH assets/{id}"),
        ...api("bulk", "POST assets/bulk"),
        ...api("create-into-tenant", "POST supplies"),
        ...api("nested-include", "GET modules"),
      ].sort(),
    );
  } finally {
    await open.stop();
  }
}, 120_000);

test("cleanup believes no answer: what is still there is said to be", async () => {
  const api = await startProjectApi("noise: slow delete");
  const cwd = project({});
  const before = api.rows();
  const args = ["isolation", "check", "--openapi", api.openapi, "--base-url", api.base];
  await killed(args, { cwd, env }, () => api.rows() >= before + 3);
  api.turnOn("noise: delete says yes and does not");
  try {
    const { code, report } = await tenantctlJson(["isolation", "cleanup"], { cwd, env });
    expect(code).toBe(2);
    expect(report.checks[0]!.facts.deleted).toEqual([]);
    expect(report.checks[0]!.reason).toMatch(/objects are still there/);
    expect(api.rows()).toBeGreaterThan(before);
  } finally {
    await api.close();
  }
});

test("a killed run is cleaned up after, by its journal", async () => {
  const api = await startProjectApi("noise: slow delete");
  const cwd = project({});
  const before = api.rows();
  try {
    const args = ["isolation", "check", "--openapi", api.openapi, "--base-url", api.base];
    await killed(args, { cwd, env }, () => api.rows() >= before + 3);
    expect(api.rows()).toBeGreaterThan(before);
    const dry = await tenantctlJson(["isolation", "cleanup", "--dry-run"], { cwd, env });
    expect(dry.code).toBe(0);
    expect((dry.report.checks[0]!.facts.left as string[]).length).toBeGreaterThan(0);
    const rows = api.rows();
    const cleaned = await tenantctlJson(["isolation", "cleanup"], { cwd, env });
    expectValidReport(cleaned);
    const { deleted, unsure } = cleaned.report.checks[0]!.facts as { deleted: string[]; unsure: string[] };
    expect(deleted.length).toBeGreaterThan(0);
    expect(api.rows()).toBe(rows - deleted.length);
    // Of a creation that was under way nobody knows; then that is said.
    expect(cleaned.code).toBe(unsure.length ? 2 : 0);
    expect(api.rows() - before).toBeLessThanOrEqual(unsure.length);
    const journals = join(cwd, ".tenantctl/isolation");
    for (const name of readdirSync(journals)) {
      const text = readFileSync(join(journals, name), "utf8");
      for (const secret of [tenantA.token, tenantB.token]) expect(text).not.toContain(secret);
    }
  } finally {
    await api.close();
  }
});

test("an API that is not on this machine is only read, unless its environment is named", async () => {
  const api = await startProjectApi();
  const before = api.rows();
  try {
    const config = { protected: true, isolation: { openapi: api.openapi, baseUrl: api.base } };
    const cwd = project({ "tenantctl.config.json": JSON.stringify(config) });
    const read = await tenantctl(["isolation", "check"], { cwd, env });
    expect(read.stderr).toMatch(/is protected: it is only read\. --confirm default/);
    expect(read.code).toBe(0);
    expect(api.rows()).toBe(before);
    const wrong = await tenantctlJson(["isolation", "check", "--confirm", "prod"], { cwd, env });
    expect(wrong.code).toBe(64);
    const confirmed = await tenantctlJson(["isolation", "check", "--confirm", "default"], { cwd, env });
    expect(confirmed.code).toBe(0);
    expect((confirmed.report.checks[0]!.facts as { created: number }).created).toBeGreaterThan(4);
  } finally {
    await api.close();
  }
});

test.each<[string, string, RegExp]>([
  ["is not there", "", /can't read the OpenAPI document .*: ENOENT/],
  ["is no YAML", "{ a: [", /neither JSON nor YAML/],
  ["is Swagger 2", '{"swagger":"2.0","paths":{}}', /is Swagger 2\.0/],
  ["has no paths", '{"openapi":"3.1.0"}', /has no paths/],
  ["names no server", '{"openapi":"3.1.0","paths":{}}', /no base URL is known/],
  [
    "refers to another file",
    '{"openapi":"3.0.0","servers":[{"url":"http://127.0.0.1:1"}],"paths":{"/x":{"$ref":"other.yaml"}}}',
    /refers to another file/,
  ],
])("an OpenAPI document that %s is wrong usage", async (_, text, says) => {
  const cwd = project(text === "" ? {} : { "api.json": text });
  const result = await tenantctlJson(["isolation", "check", "--openapi", "api.json"], { cwd, env });
  expect(result.code).toBe(64);
  expect(result.report.error?.message).toMatch(says);
});

test("a document whose references go in a circle, and one of which no path exists", async () => {
  const api = await startProjectApi();
  try {
    const node = {
      type: "object",
      properties: { name: { type: "string" }, child: { $ref: "#/components/schemas/Node" } },
    };
    const body = { content: { "application/json": { schema: { $ref: "#/components/schemas/Node" } } } };
    const text = JSON.stringify({
      openapi: "3.0.3",
      servers: [{ url: api.base }],
      paths: { "/nodes": { get: {}, post: { requestBody: body } }, "/nodes/{id}": { get: {} } },
      components: { schemas: { Node: node, Loop: { $ref: "#/components/schemas/Loop" } } },
    });
    const result = await tenantctlJson(["isolation", "check", "--openapi", "api.json"], {
      cwd: project({ "api.json": text }),
      env,
    });
    expectValidReport(result);
    expect(result.code).toBe(3);
    expect(result.report.checks[0]?.reason).toMatch(/POST \/nodes answers 404 to its own tenant/);
  } finally {
    await api.close();
  }
});

test("a leak on the terminal: the matrix, what was seen, and the line that shows it again", async () => {
  const api = await startRentalApi("override: header wins");
  try {
    const args = ["isolation", "check", api.url];
    const { stdout, code } = await tenantctl(args, { cwd: project({}), env });
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ isolation\/tenant-override +leaked/);
    expect(stdout).toMatch(/✓ isolation\/read-by-id +denied/);
    expect(stdout).toContain(
      `      curl -sS -H "Authorization: Bearer $TOKEN_A" \\\n        -H 'X-Tenant-ID: ${tenantB.id}' \\\n        'http`,
    );
    const bare = await check([api.url, "--no-samples"]);
    expect(bare.stdout).not.toContain(tenantB.id);
  } finally {
    await api.close();
  }
});

test("without TOKEN_B a name that is refused passes, and what nobody could know is said", async () => {
  const { TOKEN_B: _, ...alone } = env;
  const sound = await startRentalApi("noise: rows say no tenant");
  const open = await startRentalApi(
    ...(["override: header wins", "noise: the other tenant is empty", "noise: rows say no tenant"] as const),
  );
  try {
    const { code, stderr } = await tenantctl(["isolation", "check", sound.url], {
      ...{ cwd: project({}), env: alone },
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /nothing is said of list \(nobody knows what b's data looks like: export TOKEN_B\)/,
    );
    expect(stderr).toMatch(/what names a tenant in a query is guessed \(tenantId, /);
    const unsure = await check([open.url], alone);
    expect(unsure.code).toBe(3);
    expect(unsure.report.checks[0]?.reason).toMatch(/answers 200 and no rows.*export TOKEN_B/);
  } finally {
    await sound.close();
    await open.close();
  }
});

test("a server that is down is an error; refused, swapped and expired tokens prove nothing", async () => {
  const down = await check(["http://127.0.0.1:1/assets"]);
  expectValidReport(down);
  expect(down.code).toBe(2);
  expect(down.report.checks[0]?.reason).toMatch(/nothing listens there; start the application/);
  const api = await startRentalApi();
  try {
    const swapped = await check([api.url], { ...env, TOKEN_A: tenantB.token, TOKEN_B: tenantA.token });
    expect(swapped.code).toBe(3);
    expect(swapped.report.checks[0]?.reason).toMatch(
      /tenant a can't read its own data: GET \/assets answers 403/,
    );
    const expired = await check([api.url], { ...env, TOKEN_B: "expired" });
    expect(expired.code).toBe(3);
    expect(expired.report.checks[0]?.reason).toMatch(/tenant b can't read .* 401.*export TOKEN_B/);
  } finally {
    await api.close();
  }
});

test.each<[string, (response: ServerResponse) => void, number, RegExp]>([
  ["hangs", () => {}, 2, /no answer in time/],
  ["breaks off", (response) => response.socket?.destroy(), 2, /closed the connection/],
  ["streams without end", (response) => void endless(response), 3, /runs over the limit/],
  ["says no JSON", (response) => response.end("<html>hello</html>"), 3, /is no JSON/],
  ["says nothing", (response) => response.end(), 3, /is no JSON: it is empty/],
  ["says half a JSON", (response) => response.end('{"items": [{"id": 1'), 3, /is no JSON/],
])("a server that %s ends it clearly", async (_, answer, code, reason) => {
  const { base, close } = await listening(createServer((_request, response) => answer(response)));
  try {
    const result = await check([`${base}/x`, "--request-timeout", "1", "--body-limit", "0.1"]);
    expectValidReport(result);
    expect(result.report.checks[0]?.reason).toMatch(reason);
    expect(result.code).toBe(code);
  } finally {
    await close();
  }
});

function endless(response: ServerResponse): void {
  const chunk = "x".repeat(65_536);
  const write = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once("drain", write);
  };
  write();
}

test("a redirect to another host is not followed", async () => {
  let asked = 0;
  const other = await listening(
    createServer((_, response) => {
      asked += 1;
      response.end("[]");
    }),
  );
  const { base, close } = await listening(
    createServer((_, response) => response.writeHead(302, { location: `${other.base}/x` }).end()),
  );
  try {
    const result = await check([`${base}/x`]);
    expect(result.code).toBe(3);
    expect(result.report.checks[0]?.reason).toMatch(/answers 302; name the URL that the redirect leads to/);
    expect(asked).toBe(0);
  } finally {
    await close();
    await other.close();
  }
});

test.each<[string, string[], Record<string, string | undefined>, RegExp]>([
  ["no tenants", ["http://127.0.0.1:1/x"], {}, /TENANT_A is not set/],
  ["no token", ["http://127.0.0.1:1/x"], { ...env, TOKEN_A: undefined }, /TOKEN_A is not set/],
  ["one tenant twice", ["http://127.0.0.1:1/x"], { ...env, TENANT_B: env.TENANT_A }, /are the same/],
  ["one token twice", ["http://127.0.0.1:1/x"], { ...env, TOKEN_B: env.TOKEN_A }, /have the same token/],
  ["no address", ["assets"], env, /assets is no address/],
  ["a rate of nothing", ["http://127.0.0.1:1/x", "--rate", "0"], env, /It has to be a number over 0/],
])("%s is wrong usage", async (_, args, variables, says) => {
  const { code, report } = await check(args, variables);
  expect(code).toBe(64);
  expect(report.error?.message).toMatch(says);
});

test("a route without a probe and without a reason: 0, then found, then 0", async () => {
  const api = await startProjectApi();
  try {
    const unprobed = { "GET /tasks/{taskId}": "a slip", "POST /nowhere": "of the pen" };
    const config = (extra: object) => ({
      "tenantctl.config.json": JSON.stringify({
        isolation: { openapi: api.openapi, baseUrl: api.base, ...extra },
      }),
    });
    const cwd = project(config({}));
    expect(
      (await tenantctl(["isolation", "check", "--json", "--output", "all.json"], { cwd, env })).code,
    ).toBe(0);
    const whole = await tenantctlJson(["isolation", "coverage", "all.json"], { cwd, env });
    expectValidReport(whole);
    expect(whole.report.checks[0]?.findings).toEqual([]);
    expect(whole.code).toBe(0);

    const read = await tenantctl(["isolation", "check", "--read-only", "--json", "--output", "read.json"], {
      cwd,
      env,
    });
    expect(read.code).toBe(0);
    const part = await tenantctlJson(["isolation", "coverage", "read.json"], { cwd, env });
    expect(part.code).toBe(1);
    const missing = part.report.checks[0]!.findings.map(({ rule, subject }) => `${rule} ${subject.route}`);
    // There is no task to read, and none may be created.
    expect(missing).toContain("isolation/uncovered-route GET /tasks/{taskId}");
    const leftOut = part.report.checks[0]!.facts.leftOut as string[];
    expect(leftOut).toContain("POST /projects");
    expect(missing).not.toContain("isolation/uncovered-route POST /projects");
    expect(missing).not.toContain("isolation/uncovered-route GET /projects");

    const uncovered = part.report.checks[0]!.findings.flatMap(({ subject }) => subject.route ?? []);
    const all = Object.fromEntries([...uncovered, ...leftOut].map((route) => [route, "tested elsewhere"]));
    writeFileSync(
      join(cwd, "tenantctl.config.json"),
      config({ unprobed: { ...all, ...unprobed } })["tenantctl.config.json"],
    );
    const reasoned = await tenantctlJson(["isolation", "coverage", "read.json"], { cwd, env });
    expect(reasoned.code).toBe(0);
    expect(reasoned.stderr).toContain(
      "isolation.unprobed names POST /nowhere, which the document does not have",
    );
    const wrong = await tenantctlJson(["isolation", "coverage", "nowhere.json"], { cwd, env });
    expect(wrong.code).toBe(64);
  } finally {
    await api.close();
  }
});
