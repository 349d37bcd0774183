import { expect, test } from "vitest";
import type { RuleId } from "../../../src/findings/rules.js";
import { checkUrl } from "../../../src/isolation/index.js";
import { type RentalApi, type Switch, startRentalApi, tenantA, tenantB } from "../../support/rental-api.js";

const http = { connections: 32, timeout: 5000, bodyLimit: 2 ** 20 };
const binding = { tenantHeader: "X-Tenant-ID", tokenHeader: "Authorization", tokenScheme: "Bearer" };
const attacker = { name: "a", tenantId: tenantA.id, token: tenantA.token };
const victim = { name: "b", tenantId: tenantB.id, token: tenantB.token as string | undefined };

async function check(switches: Switch[], { withToken = true } = {}) {
  const api: RentalApi = await startRentalApi(...switches);
  try {
    const other = withToken ? victim : { ...victim, token: undefined };
    return await checkUrl({ url: api.url, attacker, victim: other, binding, http });
  } finally {
    await api.close();
  }
}

test("a sound API: every class is tried, and nothing is found", async () => {
  const { drafts, obstacle, facts } = await check([]);
  expect(drafts).toEqual([]);
  expect(obstacle).toBe(undefined);
  expect((facts.matrix as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual(
    Array(7).fill("denied"),
  );
});

test.each<[Switch, RuleId]>([
  ["list: no filter", "isolation/list"],
  ["read: by id alone", "isolation/read-by-id"],
  ["read: by id alone, as text", "isolation/read-by-id"],
  ["override: header wins", "isolation/tenant-override"],
  ["override: query wins", "isolation/tenant-override"],
  ["missing: no header, no filter", "isolation/tenant-missing"],
  ["missing: empty header, no filter", "isolation/tenant-missing"],
  ["missing: nobody needs a token", "isolation/tenant-missing"],
  ["cache: by url", "isolation/shared-cache"],
  ["cache: by path", "isolation/list"],
  ["bleed: module variable", "isolation/context-bleed"],
  ["existence: 403 for what exists", "isolation/existence-oracle"],
  ["error: text names the row", "isolation/error-text"],
  ["denial: 404 for a foreign header", "isolation/unexpected-denial"],
  ["server: 500 for a foreign header", "isolation/server-error"],
])("%s: found by its rule", async (fault, rule) => {
  const { drafts } = await check([fault]);
  expect(drafts.map((draft) => draft.rule)).toEqual([rule]);
});

test.each<Switch>([
  "noise: clocks and request ids",
  "noise: random order",
  "noise: echoes the request",
  "noise: data says error",
  "noise: numeric ids of both",
  "noise: 1 % random 500",
  "noise: 200 with an error body",
  "noise: html for errors",
  "noise: header is ignored",
  "noise: 429 now and then",
  "noise: gzip",
])("%s: no finding", async (noise) => {
  const { drafts, obstacle } = await check([noise]);
  expect(drafts.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  expect(obstacle).toBe(undefined);
});

test("rows that both have and that say nobody's name are neither a leak nor a pass", async () => {
  for (const fault of [
    "noise: same row for both",
    "list: no filter, no tenant in a row",
    "list: no filter, no tenant, and each row signed",
  ] as const) {
    const { drafts, obstacle } = await check([fault]);
    expect(drafts).toEqual([]);
    expect(obstacle).toMatchObject({
      status: "inconclusive",
      reason: expect.stringMatching(/the same for both/),
    });
  }
});

test("without the other tenant's token an override is still found, by rows that come with it alone", async () => {
  const { drafts } = await check(["override: header wins"], { withToken: false });
  expect(drafts.map(({ rule }) => rule)).toEqual(["isolation/tenant-override"]);
});

const outcomes = (facts: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    (facts.matrix as { label: string; outcome: string }[]).map(({ label, outcome }) => [label, outcome]),
  );

test.each<[string, Switch[]]>([
  ["is refused", []],
  ["is ignored", ["noise: header is ignored"]],
  ["is ignored, and order changes", ["noise: header is ignored", "noise: random order"]],
])(
  "without the other tenant's token, where its name %s: that is a pass of what was asked",
  async (_, noise) => {
    const { drafts, obstacle, facts } = await check([...noise, "noise: rows say no tenant"], {
      withToken: false,
    });
    expect(drafts).toEqual([]);
    expect(obstacle).toBe(undefined);
    expect(outcomes(facts)).toMatchObject({
      override: "denied",
      read: "not applicable",
      bleed: "not applicable",
    });
    expect(facts.guessed).toContain("tenantId");
  },
);

test("without the other tenant's token, rows that do not say whose they are prove nothing of the list", async () => {
  const fault: Switch = "list: no filter, no tenant in a row";
  const { drafts, facts } = await check([fault], { withToken: false });
  expect(drafts).toEqual([]);
  expect(outcomes(facts)).toMatchObject({ list: "not applicable" });
  // Those that do say it are as good as the other's own answer.
  expect((await check(["list: no filter"], { withToken: false })).drafts).toMatchObject([
    { rule: "isolation/list" },
  ]);
  const open: Switch = "missing: no header, no filter";
  const { obstacle } = await check([open, "noise: rows say no tenant"], { withToken: false });
  expect(obstacle).toMatchObject({
    status: "inconclusive",
    reason: expect.stringMatching(/without X-Tenant-ID.*rows that are not a's.*export TOKEN_B/),
  });
});

test("without the other tenant's token, an empty answer to its name is neither a leak nor a pass", async () => {
  const { drafts, obstacle } = await check(
    ["override: header wins", "noise: the other tenant is empty", "noise: rows say no tenant"],
    {
      withToken: false,
    },
  );
  expect(drafts).toEqual([]);
  expect(obstacle).toMatchObject({
    status: "inconclusive",
    reason: expect.stringMatching(/answers 200 and no rows; .*export TOKEN_B/),
  });
});

test("the other tenant has nothing: no list and no cache is called denied", async () => {
  const { drafts, facts } = await check(["noise: the other tenant is empty", "noise: rows say no tenant"]);
  expect(drafts).toEqual([]);
  expect(outcomes(facts)).toMatchObject({
    list: "not applicable",
    cache: "not applicable",
    bleed: "not applicable",
    override: "denied",
  });
});
