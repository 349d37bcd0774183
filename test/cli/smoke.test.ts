import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { root, tenantctl, tenantctlJson } from "../support/cli.js";
import { killed } from "../support/killed.js";
import { orderTenants, type Switch, startOrderApi } from "../support/order-api.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";

const [a, b, c] = orderTenants;
const env = { TENANT_A: a.id, TOKEN_A: a.token, TENANT_B: b.id, TOKEN_B: b.token };

const orders = {
  steps: [
    {
      ...{ name: "create", request: "POST /orders", body: { name: "Order {canary}" }, status: 201 },
      capture: { order: "id" },
    },
    { name: "close", request: "POST /orders/{order}/close", expect: { status: "CLOSED" } },
  ],
  finally: [{ name: "clean up", request: "DELETE /orders/{order}", status: [204, 404] }],
};
const lists = { steps: [{ name: "list", request: "GET /orders", headers: { "X-Key": "env:API_KEY" } }] };

const files = (config: object) => ({ "tenantctl.config.json": JSON.stringify(config) });
const both = { smoke: { workflows: { orders, lists } } };

async function smoke(
  switches: Switch[],
  args: string[],
  variables: NodeJS.ProcessEnv = {},
  config: object = both,
) {
  const api = await startOrderApi(...switches);
  try {
    const result = await tenantctlJson(["smoke", "--base-url", api.base, ...args], {
      cwd: project(files(config)),
      env: { ...env, API_KEY: "key-of-the-api-77", ...variables },
    });
    expectValidReport(result);
    return { ...result, api };
  } finally {
    await api.close();
  }
}

test("all workflows for both tenants pass, and what they made is gone", async () => {
  const { code, report, api } = await smoke([], []);
  expect(report.checks.map(({ title, status }) => `${title} ${status}`)).toEqual([
    "Workflow orders pass",
    "Workflow lists pass",
  ]);
  expect(code).toBe(0);
  expect(api.orders()).toEqual([]);
  expect(api.requests().filter((route) => route === "POST /orders")).toHaveLength(2);
});

test("a third tenant takes part where TENANT_C is set", async () => {
  const { code, report } = await smoke([], ["--workflow", "orders"], { TENANT_C: c.id, TOKEN_C: c.token });
  expect(code).toBe(0);
  expect(report.checks).toHaveLength(1);
  expect((report.checks[0]!.facts.copies as unknown[]).length).toBe(3);
});

test("0, then found, then 0: another tenant sees it; a step fails", async () => {
  const leak = await smoke(["read: by id alone"], ["--workflow", "orders"]);
  expect(leak.code).toBe(1);
  expect(leak.report.checks[0]!.findings.map(({ rule }) => rule)).toEqual(["smoke/visible-to-other-tenant"]);
  const failed = await smoke(["close: says nothing"], ["--workflow", "orders"]);
  expect(failed.code).toBe(1);
  expect(failed.report.checks[0]!.findings.map(({ rule }) => rule)).toEqual(["smoke/step-failed"]);
  expect((await smoke([], ["--workflow", "orders"])).code).toBe(0);
});

test("config accepts a finding by its workflow, step or route, and no other", async () => {
  const suppress = (subject: object) => ({
    ...both,
    suppress: [{ rule: "smoke/step-failed", ...subject, reason: "known" }],
  });
  const run = (subject: object) =>
    smoke(["close: says nothing"], ["--workflow", "orders"], {}, suppress(subject));
  expect((await run({ workflow: "orders", step: "close" })).code).toBe(0);
  expect((await run({ route: "POST /orders/{order}/close" })).code).toBe(0);
  expect((await run({ workflow: "lists" })).code).toBe(1);
});

test("no token and no key is in any output, in any format; --no-samples leaves answers out", async () => {
  const api = await startOrderApi("read: by id alone", "close: says nothing");
  try {
    const cwd = project(files(both));
    const variables = { ...env, API_KEY: "key-of-the-api-77" };
    for (const format of ["table", "json", "junit", "sarif", "markdown", "html"]) {
      const args = ["smoke", "--base-url", api.base, "--verbose", "--format", format];
      const { stdout, stderr, code } = await tenantctl(args, { cwd, env: variables });
      expect(code, format).toBe(1);
      for (const secret of [a.token, b.token, "key-of-the-api-77"])
        expect(stdout + stderr, format).not.toContain(secret);
      expect(stdout, format).toContain("smoke/step-failed");
      expect(stdout, format).toMatch(/CLOSED/);
      const bare = await tenantctl([...args, "--no-samples"], { cwd, env: variables });
      expect(bare.stdout, format).toContain("smoke/step-failed");
      expect(bare.stdout, format).not.toMatch(/CLOSED|Order tc/);
      expect(bare.stdout + bare.stderr, format).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    }
  } finally {
    await api.close();
  }
});

test("on a terminal: workflows by tenants, what failed and how, and the line that shows it again", async () => {
  const api = await startOrderApi("close: says nothing");
  try {
    const { stdout } = await tenantctl(["smoke", "--base-url", api.base, "--workflow", "orders"], {
      cwd: project(files(both)),
      env,
    });
    expect(stdout).toMatch(
      /^Workflow +Step +Tenants +Outcome +ms\norders +create +a, b +✓ passed +\d+\n +close +a, b +✗ failed +\d+\n +clean up/,
    );
    expect(stdout).toMatch(/answered 200, application\/json:\s+\{"id":"[0-9a-f-]{36}",/);
    expect(stdout).toContain('status: expected "CLOSED", got "OPEN"');
    expect(stdout).toMatch(/curl -sS -X POST -H "Authorization: Bearer \$TOKEN_A"/);
  } finally {
    await api.close();
  }
});

test("--list and --dry-run send nothing, and need neither tenants nor secrets", async () => {
  const api = await startOrderApi();
  try {
    const options = { cwd: project(files(both)) };
    const listed = await tenantctl(["smoke", "--base-url", api.base, "--list"], options);
    expect(listed).toMatchObject({
      code: 0,
      stdout: "orders: create, close; finally clean up\nlists: list\n",
    });
    const dry = await tenantctl(["smoke", "--base-url", api.base, "--dry-run"], options);
    expect(dry.code).toBe(0);
    for (const line of [
      "POST /orders\n",
      '{"name":"Order {canary}"}',
      "expects   HTTP 201\n",
      "captures  order from id\n",
      "hidden    from the other tenants, who try GET /orders/{order}, GET /orders\n",
      'expects   HTTP 2xx; status: "CLOSED"\n',
      "finally clean up",
      "X-Key: env:API_KEY",
    ])
      expect(dry.stdout).toContain(line);
    const json = await tenantctlJson(["smoke", "--base-url", api.base, "--dry-run"], options);
    expectValidReport(json);
    expect(json.report.checks[0]!.facts).toMatchObject({
      isDryRun: true,
      steps: [{ step: "create" }, {}, {}],
    });
    expect(api.requests()).toEqual([]);
  } finally {
    await api.close();
  }
});

test("a protected environment is not touched until it is named", async () => {
  const guarded = { ...both, protected: true };
  const refused = await smoke([], [], {}, guarded);
  expect(refused.code).toBe(64);
  expect(refused.report.error).toMatchObject({
    message: expect.stringContaining("is protected, and workflows create data there"),
    hint: expect.stringContaining("--confirm default"),
  });
  expect(refused.api.requests()).toEqual([]);
  const wrong = await smoke([], ["--confirm", "prod"], {}, guarded);
  expect(wrong.code).toBe(64);
  expect(wrong.api.requests()).toEqual([]);
  expect((await smoke([], ["--confirm", "default"], {}, guarded)).code).toBe(0);
});

test("a server that is down is an error", async () => {
  const result = await tenantctlJson(["smoke", "--base-url", "http://127.0.0.1:1", "--workflow", "orders"], {
    cwd: project(files(both)),
    env,
  });
  expectValidReport(result);
  expect(result.code).toBe(2);
  expect(result.report.checks[0]?.reason).toMatch(/nothing listens there; start the application/);
});

const only = (workflow: object) => ({ smoke: { workflows: { one: workflow } } });
const step = (more: object) => only({ steps: [{ name: "x", request: "GET /orders", ...more }] });

test.each<[string, object, string[], NodeJS.ProcessEnv, RegExp]>([
  ["no workflows", {}, [], {}, /config has no smoke\.workflows/],
  ["a workflow that is not there", both, ["--workflow", "order"], {}, /there is no workflow order/],
  [
    "an unknown key",
    step({ expects: {} }),
    [],
    {},
    /smoke\.workflows\.one\.steps\.0 has no key expects, did you mean expect\?/,
  ],
  [
    "an unknown operator",
    step({ expect: { a: { equal: 1 } } }),
    [],
    {},
    /expect\.a has no key equal, did you mean equals\?/,
  ],
  [
    "an unknown key of an attempt",
    step({ hidden: [{ reqest: "GET /orders" }] }),
    [],
    {},
    /hidden\.0 has no key reqest, did you mean request\?/,
  ],
  ["no steps", only({ steps: [] }), [], {}, /smoke\.workflows\.one\.steps: it has no steps/],
  [
    "a request that is none",
    step({ request: "orders" }),
    [],
    {},
    /smoke\.workflows\.one\.steps\.0 \(x\): "orders" is no request/,
  ],
  ["an unknown placeholder", step({ query: { id: "{oder}" } }), [], {}, /\{oder\} is not known/],
  [
    "a secret that is not set",
    both,
    [],
    { API_KEY: "" },
    /env:API_KEY: the environment variable API_KEY is not set/,
  ],
  ["a tenant without a token", both, [], { TOKEN_B: "" }, /tenant b has no token/],
  ["one tenant twice", both, [], { TENANT_B: a.id }, /are the same/],
  [
    "a value that one tenant lacks",
    { smoke: { ...step({ query: { q: "{slug}" } }).smoke, values: { slug: { a: "x" } } } },
    ...([[], {}] as const),
    /smoke\.values\.slug has nothing for tenant b/,
  ] as never,
  [
    "a user that one tenant lacks",
    { smoke: { ...step({ as: "viewer" }).smoke, users: { viewer: { a: "token-of-viewer" } } } },
    ...([[], {}] as const),
    /smoke\.users\.viewer has nothing for tenant b/,
  ] as never,
  ["no address", both, ["--base-url", "localhost"], {}, /localhost is no base URL/],
])("%s is wrong usage, and nothing is sent", async (_, config, args, variables, says) => {
  const { code, report, api } = await smoke([], args, variables, config);
  expect(report.error?.message).toMatch(says);
  expect(code).toBe(64);
  expect(api.requests()).toEqual([]);
});

test("without a base URL nothing is known of where the API is", async () => {
  const { code, report } = await tenantctlJson(["smoke"], { cwd: project(files(both)), env });
  expect(code).toBe(64);
  expect(report.error?.message).toMatch(/where the API is is not known/);
});

test("Ctrl-C runs what cleans up, and says what is left", async () => {
  const api = await startOrderApi("server: hangs at close");
  const run = async (workflow: object) => {
    const args = ["smoke", "--base-url", api.base, "--json", "--request-timeout", "30"];
    const child = spawn(process.execPath, [join(root, "bin/tenantctl.js"), ...args], {
      cwd: project(files(only(workflow))),
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => (stdout += chunk));
    const before = api.requests().length;
    const closes = () =>
      api
        .requests()
        .slice(before)
        .filter((route) => route.endsWith("/close")).length;
    while (closes() < 2) await sleep(20);
    child.kill("SIGINT");
    const [code] = await once(child, "close");
    return { code, message: (JSON.parse(stdout) as { error: { message: string } }).error.message };
  };
  try {
    const clean = await run(orders);
    expect(clean.code).toBe(130);
    expect(clean.message).toMatch(
      /interrupted, and cleaned up as the workflows' finally says; nothing that was made is left/,
    );
    expect(clean.message).toMatch(/not known what came of: a: POST \/orders\/\{order\}\/close; b: POST/);
    expect(api.orders()).toEqual([]);
    const left = await run({ steps: orders.steps });
    expect(left.code).toBe(130);
    expect(left.message).toMatch(
      /still there: a: POST \/orders, order [0-9a-f-]{36}; b: POST \/orders, order/,
    );
    expect(api.orders()).toHaveLength(2);
  } finally {
    await api.close();
  }
});

test("a killed run is cleaned up after by its workflows' finally, and what is not known is said", async () => {
  const api = await startOrderApi("server: hangs at close");
  const login = {
    ...{ name: "sign in", request: "POST /login", as: "nobody", capture: { session: "token" } },
    body: { tenant: "{tenant}", password: "a-password-9" },
  };
  const [clean] = orders.finally;
  const signedIn = { steps: [login, ...orders.steps], finally: [{ ...clean, as: "{session}" }] };
  const cwd = project(files(only(signedIn)));
  const journals = join(cwd, ".tenantctl/smoke");
  const smokeArgs = ["smoke", "--base-url", api.base, "--request-timeout", "30"];
  const closes = () => api.requests().filter((route) => route.endsWith("/close")).length;
  try {
    await killed(smokeArgs, { cwd, env }, () => closes() >= 2);
    expect(api.orders()).toHaveLength(2);
    const text = readdirSync(journals)
      .map((name) => readFileSync(join(journals, name), "utf8"))
      .join("");
    expect(text).not.toMatch(/session-[0-9a-f]|a-password-9|token-of-/);
    const dry = await tenantctlJson(["isolation", "cleanup", "--dry-run"], { cwd, env });
    expect(dry.code).toBe(0);
    expect(api.orders()).toHaveLength(2);
    expect(dry.report.checks[1]!.facts.left).toEqual([
      expect.stringMatching(/^[ab]: POST \/orders, order [0-9a-f-]{36}$/),
      expect.stringMatching(/^[ab]: POST \/orders, order [0-9a-f-]{36}$/),
    ]);
    const cleaned = await tenantctlJson(["isolation", "cleanup"], { cwd, env });
    expectValidReport(cleaned);
    expect(api.orders()).toEqual([]);
    expect(cleaned.report.checks[1]!.facts.deleted).toHaveLength(2);
    // Both were killed in the middle of a change: nobody knows what came of that, and it is no pass.
    expect(cleaned.code).toBe(2);
    expect(cleaned.report.checks[1]!.reason).toMatch(
      /it is not known what came of [ab]: POST \/orders\/\{order\}\/close; .*, then delete .*\.jsonl/,
    );
  } finally {
    await api.close();
  }
});

test("a run that ends by itself keeps no journal; one whose finally fails does, until cleanup has done it", async () => {
  const api = await startOrderApi();
  const cwd = project(files(only(orders)));
  const journals = join(cwd, ".tenantctl/smoke");
  const kept = () => (existsSync(journals) ? readdirSync(journals) : []);
  const smokeArgs = ["smoke", "--base-url", api.base];
  try {
    expect((await tenantctlJson(smokeArgs, { cwd, env })).code).toBe(0);
    expect(kept()).toEqual([]);
    const picky = { ...orders, finally: [{ ...orders.finally[0], status: 200 }] };
    writeFileSync(join(cwd, "tenantctl.config.json"), JSON.stringify(only(picky)));
    expect((await tenantctlJson(smokeArgs, { cwd, env })).code).toBe(1);
    expect(kept()).toHaveLength(1);
    const renamed = { smoke: { workflows: { other: orders } } };
    writeFileSync(join(cwd, "tenantctl.config.json"), JSON.stringify(renamed));
    const lost = await tenantctlJson(["isolation", "cleanup"], { cwd, env });
    expect(lost.code).toBe(2);
    expect(lost.report.checks[1]!.reason).toMatch(/config has no workflow one any more/);
    writeFileSync(join(cwd, "tenantctl.config.json"), JSON.stringify(only(orders)));
    expect((await tenantctlJson(["isolation", "cleanup"], { cwd, env })).code).toBe(0);
    expect(kept()).toEqual([]);
  } finally {
    await api.close();
  }
});

test("an id that counts is not believed: only what shows the copy's canary is cleaned up", async () => {
  const api = await startOrderApi("server: hangs at close", "noise: numbers as ids");
  const cwd = project(
    files(only({ ...orders, steps: orders.steps.map((each) => ({ ...each, hidden: false })) })),
  );
  const closes = () => api.requests().filter((route) => route.endsWith("/close")).length;
  const left = async () => (await tenantctlJson(["isolation", "cleanup"], { cwd, env })).report.checks[1]!;
  try {
    await killed(["smoke", "--base-url", api.base], { cwd, env }, () => closes() >= 2);
    const [first] = api.orders();
    const name = first!.name;
    first!.name = "Somebody else's by now";
    const check = await left();
    expect(check.reason).toMatch(/its id may be another object's by now/);
    expect(api.orders().map((order) => order.name)).toEqual(["Somebody else's by now"]);
    first!.name = name;
    await left();
    expect(api.orders()).toEqual([]);
  } finally {
    await api.close();
  }
});
