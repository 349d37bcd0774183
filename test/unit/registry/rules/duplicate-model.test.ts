import { expect, test } from "vitest";
import { registryFindings, rulesIn, scopedModel, tenantModel } from "../../../support/registry.js";

const schema = tenantModel("Asset") + scopedModel("Asset");
const whole = { "tenant-scoped": ["Asset"], global: ["Tenant"] };

test("a name listed twice in one category is found, where it stands the second time", () => {
  expect(registryFindings(schema, whole)).toEqual([]);

  const findings = registryFindings(schema, { ...whole, "tenant-scoped": ["Asset", "Asset"] });
  expect(rulesIn(findings)).toEqual(["registry/duplicate-model"]);
  expect(findings[0]?.subject).toEqual({ model: "Asset", file: "registry.ts", line: 2 });

  expect(registryFindings(schema, whole)).toEqual([]);
});

test("a name in two categories is one finding that names both, and no other rule fires for the weaker one", () => {
  const findings = registryFindings(schema, { ...whole, global: ["Tenant", "Asset"] });
  expect(rulesIn(findings)).toEqual(["registry/duplicate-model"]);
  expect(findings[0]?.evidence?.lists).toEqual(["TENANT_SCOPED_MODELS", "GLOBAL_MODELS"]);
});

test("three entries are still one finding", () => {
  const findings = registryFindings(schema, { ...whole, special: ["Asset"], global: ["Tenant", "Asset"] });
  expect(rulesIn(findings)).toEqual(["registry/duplicate-model"]);
});
