import { test } from "vitest";
import { checkApi } from "/work/main/src/isolation/index.js";
import { project } from "/work/main/test/support/project.js";
import { startProjectApi } from "/work/main/test/support/project-api.js";
import { tenantA, tenantB } from "/work/main/test/support/rental-api.js";
test("x", async () => {
  const api = await startProjectApi(...(JSON.parse(process.env.F!)));
  const before = new Set(api.names());
  const o = await checkApi({ openapi: api.openapi, baseUrl: api.base, attacker: { name: "a", tenantId: tenantA.id, token: tenantA.token }, victim: { name: "b", tenantId: tenantB.id, token: tenantB.token },
    binding: { tenantHeader: "X-Tenant-ID", tokenHeader: "Authorization", tokenScheme: "Bearer" }, stateFolder: project({}), run: "t", http: { connections: 32, timeout: 5000, bodyLimit: 2 ** 20, signal: undefined },
    isReadOnly: () => false, tenantFields: ["tenantId"], shared: [] });
  console.log(api.names().filter((n: string) => !before.has(n)), o.facts.left, o.obstacle, api.rows());
  console.log((o.facts.matrix as any[]).map((c) => [c.outcome, c.label, c.route, c.reason].join(" | ")).join("\n"));
  console.log(o.drafts.map((d) => d.rule + " " + d.message).join("\n"));
  await api.close();
}, 60000);
