import { expect, test } from "vitest";
import { registryFindings, rulesIn, scopedModel, tenantModel } from "../../../support/registry.js";

const schema = tenantModel("SupplyUsage") + scopedModel("SupplyUsage");

test("a name in another case is found once, and the model counts as registered", () => {
  expect(registryFindings(schema, { "tenant-scoped": ["SupplyUsage"], global: ["Tenant"] })).toEqual([]);

  const findings = registryFindings(schema, { "tenant-scoped": ["supplyUsage"], global: ["Tenant"] });
  expect(rulesIn(findings)).toEqual(["registry/name-case"]);
  expect(findings[0]).toMatchObject({
    subject: { model: "SupplyUsage", file: "registry.ts", line: 1 },
    evidence: { listed: "supplyUsage" },
  });

  expect(registryFindings(schema, { "tenant-scoped": ["SupplyUsage"], global: ["Tenant"] })).toEqual([]);
});

test("the model is judged by the category that was meant", () => {
  const bare = schema.replace("@@index([tenantId])", "");
  expect(rulesIn(registryFindings(bare, { "tenant-scoped": ["supplyusage"], global: ["Tenant"] }))).toEqual([
    "registry/name-case",
    "registry/missing-index",
  ]);
});
