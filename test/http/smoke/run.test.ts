import { expect, test } from "vitest";
import type { CheckOutcome } from "../../../src/findings/check.js";
import { parseWorkflows, runSmoke, type SmokeSection } from "../../../src/smoke/index.js";
import { type OrderApi, orderTenants, type Switch, startOrderApi } from "../../support/order-api.js";
import { project } from "../../support/project.js";

const http = { connections: 32, timeout: 5000, bodyLimit: 2 ** 20 };
const binding = { tenantHeader: "X-Tenant-ID", tokenHeader: "Authorization", tokenScheme: "Bearer" };
const actors = orderTenants.map(({ id, token }, index) => ({
  name: "abc"[index]!,
  tenantId: id,
  token: token as string,
}));

type Steps = NonNullable<SmokeSection["workflows"]>[string]["steps"];

const create = {
  name: "create",
  request: "POST /orders",
  body: { name: "Order {canary}" },
  status: 201,
  expect: { status: "OPEN", tenantId: "{tenant}" },
  capture: { order: "id" },
};
const close = { name: "close", request: "POST /orders/{order}/close", expect: { status: "CLOSED" } };
const rename = {
  name: "rename",
  request: "PATCH /orders/{order}",
  body: { name: "New {canary}" },
  hidden: { request: "PATCH /orders/{order}", body: { name: "Not yours" } },
};
const list = { name: "list", request: "GET /orders", expect: { items: { contains: { id: "{order}" } } } };
const remove = { name: "remove", request: "DELETE /orders/{order}", status: 204 };
const gone = { name: "gone", request: "GET /orders/{order}", status: 404 };
const cleanUp = { name: "clean up", request: "DELETE /orders/{order}", status: [204, 404] };
const everything: Steps = [create, list, close, rename, remove, gone];

interface Options {
  readonly steps?: Steps;
  readonly last?: Steps;
  readonly section?: SmokeSection;
  readonly timeout?: number;
  readonly given?: ReadonlyMap<string, unknown>;
  readonly who?: typeof actors;
  readonly stateFolder?: string;
}

async function run(switches: Switch[], options: Options = {}) {
  const api = await startOrderApi(...switches);
  try {
    return { ...(await runAt(api.base, options)), api };
  } finally {
    await api.close();
  }
}

async function runAt(
  baseUrl: string,
  { steps = everything, last = [], section, timeout, given, who, stateFolder }: Options = {},
) {
  const workflows = parseWorkflows(section ?? { workflows: { orders: { steps, finally: last } } });
  const outcomes = await runSmoke({
    ...{
      workflows,
      actors: who ?? actors,
      target: { baseUrl, binding },
      knownSecrets: new Map(),
      now: () => new Date(),
    },
    ...{ given: () => given ?? new Map(), tokenOf: () => undefined },
    ...{ stateFolder: stateFolder ?? project({}), run: "this" },
    http: { ...http, timeout: timeout ?? http.timeout },
  });
  return { outcomes, first: outcomes[0]! };
}

/** `create passed, close failed`: of one tenant. */
function story({ facts }: CheckOutcome, tenant = "a"): string {
  const copies = facts.copies as { tenant: string; steps: { step: string; outcome: string }[] }[];
  const { steps } = copies.find((copy) => copy.tenant === tenant)!;
  return steps.map(({ step, outcome }) => `${step} ${outcome}`).join(", ");
}

const found = ({ drafts }: CheckOutcome) =>
  drafts.map(({ rule, subject }) => `${rule} ${subject.step}: ${subject.route}`);

test("a sound API: every step passes for three tenants, and nothing is left", async () => {
  const { first, api } = await run([]);
  expect(first.drafts).toEqual([]);
  expect(first.obstacle).toBe(undefined);
  for (const { name } of actors)
    expect(story(first, name)).toBe(everything.map((step) => `${step.name} passed`).join(", "));
  expect(api.orders()).toEqual([]);
  expect(first.facts.left).toEqual([]);
});

test.each<[Switch, string[]]>([
  ["read: by id alone", ["create: GET /orders/{order}"]],
  ["list: no filter", ["create: GET /orders", "list: GET /orders"]],
  ["change: by id alone", ["create: GET /orders/{order}", "rename: PATCH /orders/{order}"]],
  ["bleed: the last answer of anybody", ["create: GET /orders", "list: GET /orders"]],
])("%s: another tenant sees it", async (fault, routes) => {
  const { first } = await run([fault], { steps: [create, list, close, rename] });
  expect(first.drafts.map(({ rule }) => rule)).toContain("smoke/visible-to-other-tenant");
  const leaks = found(first).filter((each) => each.startsWith("smoke/visible"));
  for (const leak of leaks)
    expect(routes.map((route) => `smoke/visible-to-other-tenant ${route}`)).toContain(leak);
});

test("a leak tells who sees what whom made, with both answers and a line to show it, and no token", async () => {
  const { first } = await run(["read: by id alone"]);
  const [finding] = first.drafts;
  expect(finding).toMatchObject({
    subject: { workflow: "orders", step: "create", route: "GET /orders/{order}" },
    message: "orders, after create: every tenant sees what the others made: GET /orders/{order}",
    evidence: {
      after: ["create", "close"],
      attack: { as: "b", status: 200 },
      control: { as: "a", status: 200 },
      curl: expect.stringContaining("$TOKEN_B"),
    },
  });
  const text = JSON.stringify(first);
  for (const { token } of actors) expect(text).not.toContain(token);
});

test("what another tenant changes is proved by what its owner reads; the next steps are not run on it", async () => {
  const { first, api } = await run(["change: by id alone"], {
    steps: [create, rename, list],
    last: [cleanUp],
  });
  expect(found(first)).toContain("smoke/visible-to-other-tenant rename: PATCH /orders/{order}");
  expect(first.drafts.find(({ subject }) => subject.step === "rename")?.message).toMatch(/changes what/);
  expect(story(first)).toBe("create leaked, rename leaked, list skipped, clean up passed");
  expect(api.orders()).toEqual([]);
});

test("a change that is answered with 2xx and does nothing is none", async () => {
  const { first } = await run(["change: ignored, with 200"], { steps: [create, rename, remove] });
  expect(first.drafts).toEqual([]);
  expect(first.obstacle).toBe(undefined);
});

test("an answer to a step of one's own that holds what another tenant made", async () => {
  const apart = { ...create, hidden: "GET /orders/{order}" };
  const { first } = await run(["bleed: the last answer of anybody"], {
    steps: [apart, { ...list, hidden: "GET /orders/{order}" }],
  });
  expect(first.drafts.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^orders, after list: .*is answered what [abc] made.*: GET \/orders$/),
  );
});

test("a change that is told as refused is no pass", async () => {
  const blind = { ...create, hidden: ["GET /orders"] };
  const { first } = await run(["change: told as refused"], { steps: [blind, rename] });
  expect(found(first)).toEqual([]);
  expect(first.obstacle).toMatchObject({
    status: "inconclusive",
    reason: /is refused, and yet the object changed/,
  });
});

test.each<Switch>(["noise: first GET of each path 500", "noise: clocks"])("%s: no finding", async (noise) => {
  const { first } = await run([noise]);
  expect(first.drafts.map(({ message }) => message)).toEqual([]);
  expect(first.obstacle).toBe(undefined);
});

test("ids that count are no marks, and nobody is let loose on what may be its own", async () => {
  const { first } = await run(["noise: numbers as ids"], { steps: [create, rename] });
  expect(first.drafts).toEqual([]);
  expect(first.obstacle).toMatchObject({
    status: "inconclusive",
    reason: /not tried, since b may have an object of its own/,
  });
});

test("a step that does not do what it should: expected and actual value, and the rest is skipped", async () => {
  const { first, api } = await run(["close: says nothing"], {
    steps: [create, close, list],
    last: [cleanUp],
  });
  expect(found(first)).toEqual(["smoke/step-failed close: POST /orders/{order}/close"]);
  expect(first.drafts[0]).toMatchObject({
    message:
      "orders, close: POST /orders/{order}/close does not answer what it should: status is not as expected (tenant a, b, c)",
    evidence: {
      failedFor: ["a", "b", "c"],
      unmet: [{ place: "status", expected: '"CLOSED"', actual: '"OPEN"' }],
      answer: { status: 200, contentType: "application/json" },
      exchange: { as: "a", status: 200, body: expect.stringContaining('"OPEN"') },
      curl: expect.stringMatching(/^curl -sS -X POST -H "Authorization: Bearer \$TOKEN_A"/),
    },
  });
  expect(story(first)).toBe("create passed, close failed, list skipped, clean up passed");
  expect(api.orders()).toEqual([]);
});

test("a step that fails for each tenant in its own way says both", async () => {
  const strict = { ...create, status: 200 };
  const who = actors.map((actor) => (actor.name === "b" ? { ...actor, token: "wrong" } : actor));
  const { first } = await run([], { steps: [strict], last: [cleanUp], who });
  expect(first.drafts[0]!.message).toMatch(
    /^orders, create: POST \/orders answers 201, not 200 \(tenant a, c\); answers 401, not 200 \(tenant b\)$/,
  );
});

test("what a failed step made is known to the steps that clean up", async () => {
  const wrong = { ...create, status: 200 };
  const { first, api } = await run([], { steps: [wrong], last: [cleanUp] });
  expect(first.drafts[0]?.message).toMatch(/answers 201, not 200/);
  expect(api.orders()).toEqual([]);
  const { api: left, first: second } = await run([], { steps: [wrong] });
  expect(left.orders()).toHaveLength(3);
  expect(second.facts.left).toHaveLength(3);
});

test.each<[Switch, RegExp]>([
  ["create: text for JSON", /the answer is no JSON but text\/html/],
  ["create: half a JSON", /the answer is no JSON but text\/html/],
])("%s: the step fails and says so", async (fault, says) => {
  const { first } = await run([fault]);
  expect(found(first)).toEqual(["smoke/step-failed create: POST /orders"]);
  expect(first.drafts[0]?.message).toMatch(says);
});

test("too many requests say nothing either way", async () => {
  const { first } = await run(["server: 429 for create"]);
  expect(first.drafts).toEqual([]);
  expect(first.obstacle).toMatchObject({ status: "inconclusive", reason: /answers 429/ });
});

test("a server that fails for the others proves nothing", async () => {
  const { first } = await run(["server: 500 to others"], { steps: [create] });
  expect(first.drafts).toEqual([]);
  expect(first.obstacle).toMatchObject({ status: "inconclusive", reason: /b is answered 500/ });
});

test("a control that fails proves nothing: no route to look by, and an answer without a mark", async () => {
  const lost = await run([], { steps: [{ ...create, hidden: "GET /nowhere/{order}" }] });
  expect(lost.first.drafts).toEqual([]);
  expect(lost.first.obstacle).toMatchObject({
    status: "inconclusive",
    reason: /its owner is answered 404 there/,
  });
  const bare = await run([], {
    steps: [{ ...create, body: { name: "no word of ours" }, hidden: "GET /orders/{order}" }],
  });
  expect(bare.first.obstacle).toMatchObject({
    status: "inconclusive",
    reason: /nothing in its owner's answer tells whose it is: put \{canary\}/,
  });
});

test("a tenant that nothing was served to proves nothing by its refusals", async () => {
  const expired = actors.map((actor) => (actor.name === "c" ? { ...actor, token: "expired-token" } : actor));
  const { first } = await run([], { who: expired });
  expect(story(first, "c")).toMatch(/^create failed/);
  // Its own step fails; what it was refused of a's is no pass either.
  expect(story(first, "a")).toMatch(/create inconclusive/);
  const quiet = await run(["noise: 404 for strangers"], { who: expired });
  expect(story(quiet.first, "a")).toMatch(/create passed/);
  expect(quiet.first.obstacle).toMatchObject({
    status: "inconclusive",
    reason: /tenant c was not served anything with its own token/,
  });
});

test("a slow job is waited for, and not for ever", async () => {
  const start = {
    name: "start",
    request: "POST /jobs",
    status: 202,
    capture: { job: "id" },
    hidden: false as const,
  };
  const wait = {
    name: "wait",
    request: "GET /jobs/{job}",
    until: { status: "DONE" },
    hidden: false as const,
  };
  const done = await run([], { steps: [start, wait] });
  expect(story(done.first)).toBe("start passed, wait passed");
  expect(done.first.durationMs).toBeGreaterThan(200);
  // No job is ever that: however slow this machine is, it is not ready too early.
  const late = await run([], { steps: [start, { ...wait, until: { status: "ENDED" }, within: "50ms" }] });
  expect(late.first.drafts[0]).toMatchObject({
    rule: "smoke/step-failed",
    message: expect.stringContaining("not within 0.05 s: status is not as expected"),
    evidence: {
      unmet: [{ place: "status", expected: '"ENDED"', actual: expect.stringMatching(/PENDING|DONE/) }],
    },
  });
});

test("what everybody may see: a finding, until config says so", async () => {
  const plan = { name: "plan", request: "GET /plans", capture: { plan: "/items/0/id" } };
  const noise: Switch[] = ["noise: plans of all tenants"];
  expect(found((await run(noise, { steps: [plan] })).first)).toEqual([
    "smoke/visible-to-other-tenant plan: GET /plans",
  ]);
  const said = await run(noise, { steps: [{ ...plan, hidden: false }] });
  expect(said.first.drafts).toEqual([]);
  expect(said.first.obstacle).toBe(undefined);
  expect((await run([], { steps: [plan] })).first.drafts).toEqual([]);
});

test("signing in: the session is used, and neither it nor the password is in any output", async () => {
  const login = {
    ...{ name: "sign in", request: "POST /login", as: "nobody", expect: { tenantId: "{tenant}" } },
    ...{ body: { tenant: "{tenant}", password: "{password}" }, capture: { session: "token" } },
  };
  const own = { ...create, as: "{session}" };
  const wrong = { name: "wrong", request: "GET /orders", as: "{session}", expect: { total: -1 } };
  const given = new Map([["password", "a-password-9"]]);
  const section = { values: { password: "x" }, workflows: { session: { steps: [login, own, wrong] } } };
  const { first } = await run([], { section, given });
  expect(story(first)).toBe("sign in passed, create passed, wrong failed");
  const text = JSON.stringify(first);
  expect(text).toContain("$TOKEN_A_SESSION");
  expect(text).not.toMatch(/session-[0-9a-f]|a-password-9/);
  const failing = {
    ...section,
    workflows: { session: { steps: [{ ...login, expect: { tenantId: "x" } }] } },
  };
  const said = JSON.stringify((await run([], { section: failing, given })).first);
  expect(said).toContain("smoke/step-failed");
  expect(said).not.toMatch(/session-[0-9a-f]|a-password-9/);
});

test("a tenant that only signs in during its workflow is known to be served all the same", async () => {
  const login = {
    ...{ name: "sign in", request: "POST /login", as: "nobody" },
    ...{ body: { tenant: "{tenant}", password: "a-password-9" }, capture: { session: "token" } },
  };
  const { first } = await run([], { steps: [login, { ...create, as: "{session}" }] });
  expect(first.drafts).toEqual([]);
  expect(first.obstacle).toBe(undefined);
});

test("a server that is down, and one that hangs, are an error, and end soon", async () => {
  const api: OrderApi = await startOrderApi();
  await api.close();
  const many = Object.fromEntries(["1", "2", "3", "4", "5"].map((name) => [name, { steps: [create] }]));
  const { outcomes } = await runAt(api.base, { section: { workflows: many } });
  expect(outcomes.map(({ obstacle }) => obstacle?.status)).toEqual(Array(5).fill("error"));
  expect(outcomes[0]?.obstacle?.reason).toMatch(/nothing listens there; start the application/);
  expect(outcomes[4]?.obstacle?.reason).toMatch(/did not answer 3 workflows in a row/);
  const hanging = await run(["server: hangs at create"], { timeout: 300, last: [cleanUp] });
  expect(hanging.first.obstacle).toMatchObject({ status: "error", reason: /no answer in time/ });
  expect(hanging.first.facts.unsure).toEqual(["a", "b", "c"].map((name) => `${name}: POST /orders`));
});

test("one tenant twice, or one token for two, is refused", async () => {
  const twice = [actors[0]!, { ...actors[1]!, tenantId: actors[0]!.tenantId }];
  await expect(run([], { who: twice })).rejects.toThrow(/are the same/);
  const shared = [actors[0]!, { ...actors[1]!, token: actors[0]!.token }];
  await expect(run([], { who: shared })).rejects.toThrow(/have the same token/);
});
