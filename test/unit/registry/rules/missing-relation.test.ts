import { expect, test } from "vitest";
import { registryFindings, rulesIn, scopedModel, tenantModel } from "../../../support/registry.js";

const lists = { "tenant-scoped": ["Asset", "Client"], global: ["Tenant"] };
const relation = "tenant Tenant @relation(fields: [tenantId], references: [id])";
const sound = tenantModel("Asset", "Client") + scopedModel("Asset") + scopedModel("Client");

test("a tenant column without a relation is found", () => {
  expect(registryFindings(sound, lists)).toEqual([]);

  const broken = tenantModel("Client") + scopedModel("Asset").replace(relation, "") + scopedModel("Client");
  const findings = registryFindings(broken, lists);
  expect(rulesIn(findings)).toEqual(["registry/missing-relation"]);
  expect(findings[0]?.subject).toMatchObject({ model: "Asset", field: "tenantId" });
  expect(findings[0]?.remedy).toContain("tenant Tenant @relation(fields: [tenantId], references: [id])");

  expect(registryFindings(sound, lists)).toEqual([]);
});

const composite = (required: boolean) => {
  const mark = required ? "" : "?";
  const asset = scopedModel(
    "Asset",
    `clientId String${mark} @db.Uuid\n  client Client${mark} @relation(fields: [tenantId, clientId], references: [tenantId, id])`,
  ).replace(relation, "");
  return tenantModel("Client") + asset + scopedModel("Client", "assets Asset[]", "@@unique([tenantId, id])");
};

test("a required composite relation to a model that is tied holds the tenant too", () => {
  expect(registryFindings(composite(true), lists)).toEqual([]);
});

test("an optional one holds nothing where it is null", () => {
  expect(rulesIn(registryFindings(composite(false), lists))).toEqual(["registry/missing-relation"]);
});
