import { expect, test } from "vitest";
import { registryFindings, rulesIn, scopedModel, tenantModel } from "../../../support/registry.js";

const schema = tenantModel("Asset", "Note") + scopedModel("Asset") + scopedModel("Note");
const whole = { "tenant-scoped": ["Asset", "Note"], global: ["Tenant"] };

test("a model with the column in the global category is found", () => {
  expect(registryFindings(schema, whole)).toEqual([]);

  const findings = registryFindings(schema, { "tenant-scoped": ["Asset"], global: ["Tenant", "Note"] });
  expect(rulesIn(findings)).toEqual(["registry/column-without-scope"]);
  expect(findings[0]?.subject).toMatchObject({
    model: "Note",
    field: "tenantId",
    file: "registry.ts",
    line: 3,
  });

  expect(registryFindings(schema, whole)).toEqual([]);
});

test("special handling of a required column is no reason; of an optional one it is", () => {
  const lists = { "tenant-scoped": ["Asset"], special: ["Note"], global: ["Tenant"] };
  expect(rulesIn(registryFindings(schema, lists))).toEqual(["registry/column-without-scope"]);

  const optional = schema
    .replace(/(model Note[^}]+?)tenantId String @db/, "$1tenantId String? @db")
    .replace(/(model Note[^}]+?)tenant Tenant @/, "$1tenant Tenant? @");
  expect(registryFindings(optional, lists)).toEqual([]);
});

test("another column that points at the tenant is not the tenant column", () => {
  const referred = `${tenantModel("Asset")}${scopedModel("Asset")}model Referral {
  id Int @id
  referredTenantId String? @db.Uuid
}`;
  expect(registryFindings(referred, { "tenant-scoped": ["Asset"], global: ["Tenant", "Referral"] })).toEqual(
    [],
  );
});
