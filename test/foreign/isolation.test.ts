import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { RuleId } from "../../src/findings/rules.js";
import { checkApi } from "../../src/isolation/index.js";
import { project } from "../support/project.js";
import leaks from "./leaks.json" with { type: "json" };
import { type StartedApi, startApi } from "./start.js";

/** As this project calls what the application's author wrote down in other words. */
const rules: Readonly<Record<string, RuleId>> = {
  "GET /patients/{id}": "isolation/read-by-id",
  "PATCH /clients/{id}": "isolation/update",
  "DELETE /attachments/{id}": "isolation/delete",
  "GET /attachments/{id}/content": "isolation/export",
  "GET /clients": "isolation/tenant-override",
  "GET /patients/{patientId}/visits/{visitId}": "isolation/child-through-parent",
  "POST /appointments": "isolation/foreign-key-connect",
  "POST /stock": "isolation/create-into-tenant",
  "POST /appointments/bulk-cancel": "isolation/bulk",
  "GET /search": "isolation/list",
  "GET /reports/summary": "isolation/aggregate",
  "POST /invoices/{number}/void": "isolation/update",
};

/** A check as a manager of one practice against another practice, told nothing but where the API is. */
async function check(api: StartedApi) {
  const [mine, theirs] = api.tenants.map(async ({ id, users }, index) => {
    const manager = users.find(({ role }) => role === "manager")!;
    return { name: "ab"[index]!, tenantId: id, token: await api.logIn(manager) };
  });
  return checkApi({
    openapi: fileURLToPath(new URL("openapi.yaml", import.meta.url)),
    baseUrl: `${api.url}${api.basePath}`,
    attacker: await mine!,
    victim: await theirs!,
    binding: { tenantHeader: undefined, tokenHeader: "Authorization", tokenScheme: "Bearer" },
    http: { connections: 32, timeout: 5000, bodyLimit: 2 ** 20 },
    isReadOnly: () => false,
    tenantFields: ["practiceId"],
    shared: ["/referrals"],
    stateFolder: project({}),
    run: "foreign",
  });
}

test("every leak of an application that somebody else wrote is found, under its rule, and nothing else", async () => {
  const api = await startApi({ fixed: false });
  try {
    const { drafts } = await check(api);
    const found = drafts.map(({ rule, subject }) => `${rule} ${subject.route}`);
    expect(found.sort()).toEqual(leaks.map(({ route }) => `${rules[route]} ${route}`).sort());
  } finally {
    await api.close();
  }
});

test("its fixed twin: nothing is found", async () => {
  const api = await startApi({ fixed: true });
  try {
    const { drafts, facts } = await check(api);
    expect(drafts).toEqual([]);
    // What has no delete, and staff, whose address has to be of their own practice.
    expect(facts.untried).toEqual([
      "POST /auth/logout",
      "PATCH /me",
      "PATCH /staff/{id}",
      "DELETE /staff/{id}",
    ]);
  } finally {
    await api.close();
  }
});
