import { expect, test } from "vitest";
import { registryFindings, rulesIn, scopedModel, tenantModel } from "../../../support/registry.js";

const lists = { "tenant-scoped": ["Asset"], global: ["Tenant"] };
const sound = tenantModel("Asset") + scopedModel("Asset");
const optional = sound
  .replace("tenantId String @db", "tenantId String? @db")
  .replace("tenant Tenant @", "tenant Tenant? @");

test("an optional tenant column is found", () => {
  expect(registryFindings(sound, lists)).toEqual([]);

  const findings = registryFindings(optional, lists);
  expect(rulesIn(findings)).toEqual(["registry/nullable-column"]);
  expect(findings[0]?.subject).toMatchObject({ model: "Asset", field: "tenantId", column: "tenantId" });

  expect(registryFindings(sound, lists)).toEqual([]);
});

test("in special handling it is a reason, not a fault", () => {
  expect(registryFindings(optional, { special: ["Asset"], global: ["Tenant"] })).toEqual([]);
});
