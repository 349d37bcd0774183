import { expect, test } from "vitest";
import { registryFindings, rulesIn, scopedModel, tenantModel } from "../../../support/registry.js";

const schema = tenantModel("Asset", "Invoice") + scopedModel("Asset") + scopedModel("Invoice");
const whole = { "tenant-scoped": ["Asset", "Invoice"], global: ["Tenant"] };

test("a model in no category is found, with the category that fits, and only it", () => {
  expect(registryFindings(schema, whole)).toEqual([]);

  const [finding, ...others] = registryFindings(schema, { ...whole, "tenant-scoped": ["Asset"] });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    rule: "registry/unregistered-model",
    subject: { model: "Invoice", table: "Invoice", file: "schema.prisma", line: 17 },
    evidence: { proposedCategory: "tenant-scoped" },
  });
  expect(finding?.remedy).toContain('Add "Invoice" to TENANT_SCOPED_MODELS');

  expect(registryFindings(schema, whole)).toEqual([]);
});

test("a view is a model to Prisma Client, so it has to be registered", () => {
  const view = `generator client {
  provider = "prisma-client"
  previewFeatures = ["views"]
}
view Totals {
  tenantId String @unique @db.Uuid
  total Int
}`;
  expect(rulesIn(registryFindings(schema + view, whole))).toEqual(["registry/unregistered-model"]);
  expect(
    registryFindings(schema + view, { ...whole, "tenant-scoped": ["Asset", "Invoice", "Totals"] }),
  ).toEqual([]);
});

test("a model with @@ignore is not seen by Prisma Client and needs no category", () => {
  const ignored = "model Legacy {\n  id Int @id\n  tenantId String\n  @@ignore\n}";
  expect(registryFindings(schema + ignored, whole)).toEqual([]);
});
