import { expect, test } from "vitest";
import { registryFindings, rulesIn, scopedModel, tenantModel } from "../../../support/registry.js";

const lists = { "tenant-scoped": ["Asset", "Note"], global: ["Tenant"] };
const relation = "tenant Tenant @relation(fields: [tenantId], references: [id])";
const note = (type: string) =>
  tenantModel("Asset") +
  scopedModel("Asset") +
  scopedModel("Note").replace(relation, "").replace("tenantId String @db.Uuid", `tenantId ${type}`);

test("a tenant column of another type than the tenant's id is found", () => {
  expect(rulesIn(registryFindings(note("String @db.Uuid"), lists))).toEqual(["registry/missing-relation"]);

  const findings = registryFindings(note("String"), lists).filter(
    ({ rule }) => rule !== "registry/missing-relation",
  );
  expect(findings).toMatchObject([
    {
      rule: "registry/column-type-mismatch",
      subject: { model: "Note", field: "tenantId" },
      evidence: { type: "String", expected: "String @db.Uuid" },
    },
  ]);

  expect(rulesIn(registryFindings(note("String @db.Uuid"), lists))).toEqual(["registry/missing-relation"]);
});

const numbered = (id: string, column: string) => {
  const tenant = `model Tenant {\n  id ${id} @id\n}\n`;
  const asset = `model Asset {\n  id Int @id\n  tenantId ${column}\n  @@index([tenantId])\n}\n`;
  return rulesIn(registryFindings(tenant + asset, { "tenant-scoped": ["Asset"], global: ["Tenant"] }));
};

test.each([
  ["Int", "Int", false],
  ["BigInt", "Int", true],
  ["Int", "String", true],
  ["String", "String @db.VarChar(36)", false],
  ["String @db.VarChar(25)", "String @db.Char(25)", false],
])("tenant id %s, column %s: mismatch is %s", (id, column, isMismatch) => {
  expect(numbered(id, column).includes("registry/column-type-mismatch")).toBe(isMismatch);
});
