import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { InterruptedError } from "../../../src/findings/errors.js";
import type { RuleId } from "../../../src/findings/rules.js";
import { checkApi } from "../../../src/isolation/index.js";
import { project } from "../../support/project.js";
import { type Fault, startProjectApi } from "../../support/project-api.js";
import { tenantA, tenantB } from "../../support/rental-api.js";

const binding = { tenantHeader: "X-Tenant-ID", tokenHeader: "Authorization", tokenScheme: "Bearer" };
const attacker = { name: "a", tenantId: tenantA.id, token: tenantA.token };
const victim = { name: "b", tenantId: tenantB.id, token: tenantB.token };

async function check(
  faults: Fault[],
  { isReadOnly = false, signal = undefined as AbortSignal | undefined } = {},
) {
  const api = await startProjectApi(...faults);
  const stateFolder = project({});
  const rowsBefore = api.rows();
  const namesBefore = api.names();
  try {
    const outcome = await checkApi({
      ...{ openapi: api.openapi, baseUrl: api.base, attacker, victim, binding, stateFolder, run: "test" },
      http: { connections: 32, timeout: 5000, bodyLimit: 2 ** 20, signal },
      isReadOnly: () => isReadOnly,
      tenantFields: ["tenantId"],
      shared: [],
    });
    return {
      ...outcome,
      rowsBefore,
      rowsAfter: api.rows(),
      namesBefore,
      namesAfter: api.names(),
      stateFolder,
    };
  } finally {
    await api.close();
  }
}

const journals = (folder: string) =>
  existsSync(join(folder, "isolation")) ? readdirSync(join(folder, "isolation")) : [];

test("a sound API: everything is tried, nothing is found, and nothing is left of it", async () => {
  const { drafts, obstacle, facts, rowsBefore, rowsAfter, stateFolder } = await check([]);
  expect(drafts).toEqual([]);
  expect(obstacle).toBe(undefined);
  const matrix = facts.matrix as { route: string; label: string; outcome: string }[];
  expect(new Set(matrix.map(({ label }) => label))).toEqual(
    new Set([
      "list",
      "read",
      "override",
      "no tenant",
      "cache",
      "existence",
      "bleed",
      "create",
      "connect",
      "include",
      "filter",
      "unique",
      "move",
      "update",
      "delete",
      "totals",
    ]),
  );
  expect(matrix.filter(({ outcome }) => outcome !== "denied" && outcome !== "not applicable")).toEqual([]);
  expect(matrix).toContainEqual(
    expect.objectContaining({ route: "POST /projects/{projectId}/close", outcome: "denied" }),
  );
  expect(rowsAfter).toBe(rowsBefore);
  expect(facts).toMatchObject({ left: [] });
  expect(journals(stateFolder)).toEqual([]);
});

test.each<[Fault, RuleId, string]>([
  ["update: by id alone", "isolation/update", "PATCH /projects/{projectId}"],
  ["update: by id alone, and says 404", "isolation/update", "PATCH /projects/{projectId}"],
  ["delete: by id alone", "isolation/delete", "DELETE /projects/{projectId}"],
  ["delete: soft, by id alone", "isolation/delete", "DELETE /projects/{projectId}"],
  ["create: tenant of the body", "isolation/create-into-tenant", "POST /projects"],
  ["create: tenant of the header", "isolation/create-into-tenant", "POST /projects"],
  ["connect: any project", "isolation/foreign-key-connect", "POST /tasks"],
  ["totals: of all tenants", "isolation/aggregate", "GET /stats"],
  ["list: the third page of all", "isolation/list", "GET /projects"],
  ["history: by id alone", "isolation/read-by-id", "GET /projects/{projectId}/history"],
  ["act: by id alone", "isolation/update", "POST /projects/{projectId}/close"],
])("%s: found by its rule, at its route, and nothing is left of the probes", async (fault, rule, route) => {
  const { drafts, rowsBefore, rowsAfter } = await check([fault]);
  expect(new Set(drafts.map((draft) => draft.rule))).toEqual(new Set([rule]));
  expect(drafts.map(({ subject }) => subject.route)).toContain(route);
  // Whoever deletes by id alone deletes the other's too; otherwise all is as it was.
  expect(rowsAfter).toBe(rowsBefore);
});

test("a tenant in the path: each asks for its own, and the other's is tried", async () => {
  const sound = await check(["shape: tenant in the path"]);
  expect(sound.drafts).toEqual([]);
  expect(sound.obstacle).toBe(undefined);
  expect(sound.rowsAfter).toBe(sound.rowsBefore);
  const matrix = sound.facts.matrix as { route: string; label: string; outcome: string }[];
  expect(matrix).toContainEqual(
    expect.objectContaining({ route: "PATCH /t/{tenantId}/projects/{projectId}", outcome: "denied" }),
  );
  const open = await check(["shape: tenant in the path", "override: the path's tenant"]);
  expect(new Set(open.drafts.map(({ rule }) => rule))).toEqual(new Set(["isolation/tenant-override"]));
  const written = await check(["shape: tenant in the path", "update: by id alone"]);
  expect(new Set(written.drafts.map(({ rule }) => rule))).toEqual(new Set(["isolation/update"]));
});

test.each<Fault>([
  "shape: ids count per tenant",
  "shape: the answer names somebody else first",
  "noise: delete says yes and does not",
  "noise: late",
])("%s: rows that were there before are as they were", async (shape) => {
  const { namesBefore, namesAfter, facts, rowsBefore, rowsAfter, drafts } = await check([shape]);
  expect(namesAfter.filter((name) => namesBefore.includes(name))).toEqual(namesBefore);
  expect(drafts).toEqual([]);
  // What could not be deleted is said.
  expect((facts.left as string[]).length).toBe(rowsAfter - rowsBefore);
});

test("ids that count per tenant: nobody is let loose on the attacker's own objects, and that is said", async () => {
  const { obstacle, facts } = await check(["shape: ids count per tenant"]);
  expect(obstacle?.status).toBe("inconclusive");
  const open = (facts.matrix as { outcome: string; reason?: string }[]).filter(
    ({ outcome }) => outcome === "inconclusive",
  );
  expect(open.map(({ reason }) => reason)).toContainEqual(
    expect.stringMatching(/a has an object of its own under the id/),
  );
});

test("slashes at the end of paths mean the same", async () => {
  const { drafts, rowsBefore, rowsAfter } = await check(["shape: slashes at the end", "update: by id alone"]);
  expect(new Set(drafts.map(({ rule }) => rule))).toEqual(new Set(["isolation/update"]));
  expect(rowsAfter).toBe(rowsBefore);
});

test("tokens that are refused everywhere prove nothing", async () => {
  const api = await startProjectApi();
  try {
    for (const isReadOnly of [true, false]) {
      const { obstacle, drafts } = await checkApi({
        ...{ openapi: api.openapi, baseUrl: api.base, binding, stateFolder: project({}), run: "test" },
        ...{ attacker: { ...attacker, token: "expired-1" }, victim: { ...victim, token: "expired-2" } },
        http: { connections: 4, timeout: 5000, bodyLimit: 2 ** 20 },
        ...{ isReadOnly: () => isReadOnly, tenantFields: ["tenantId"], shared: [] },
      });
      expect(drafts).toEqual([]);
      expect(obstacle).toMatchObject({ status: "inconclusive", reason: expect.stringMatching(/401/) });
    }
  } finally {
    await api.close();
  }
});

test("an API that shows what it created a little later", async () => {
  const { drafts, obstacle } = await check(["noise: late"]);
  expect(drafts).toEqual([]);
  expect(obstacle).toBe(undefined);
});

test("read only, nothing is created, and what can be told without is told", async () => {
  const { drafts, obstacle, rowsBefore, rowsAfter, facts } = await check([], { isReadOnly: true });
  expect(drafts).toEqual([]);
  expect(obstacle).toBe(undefined);
  expect(rowsAfter).toBe(rowsBefore);
  const labels = (facts.matrix as { label: string }[]).map(({ label }) => label);
  for (const label of ["update", "delete", "create", "totals"]) expect(labels).not.toContain(label);
});

test("what can't be deleted is said", async () => {
  const { facts, rowsBefore, rowsAfter } = await check(["noise: no delete"]);
  expect(rowsAfter).toBeGreaterThan(rowsBefore);
  expect((facts.left as string[]).length).toBe(rowsAfter - rowsBefore);
});

test("Ctrl-C deletes what was created, and says so", async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(new InterruptedError("interrupted", "run it again")), 600);
  await expect(check(["noise: slow delete"], { signal: abort.signal })).rejects.toThrow(
    /interrupted: the \d+ objects that had been created are deleted again/,
  );
});
