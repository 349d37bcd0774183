import { expect, test } from "vitest";
import { registryFindings, rulesIn, scopedModel, tenantModel } from "../../../support/registry.js";

const lists = { "tenant-scoped": ["Asset"], global: ["Tenant"] };
const withAttributes = (attributes: string, fields = "code String\n  day Int") =>
  registryFindings(tenantModel("Asset") + scopedModel("Asset", fields, attributes), lists);

test("a scoped model in which nothing leads with the tenant column is found", () => {
  expect(withAttributes("@@index([tenantId])")).toEqual([]);

  const findings = withAttributes("@@index([code, tenantId])");
  expect(rulesIn(findings)).toEqual(["registry/missing-index"]);
  expect(findings[0]?.subject).toMatchObject({ model: "Asset", field: "tenantId", file: "schema.prisma" });
  expect(findings[0]?.remedy).toContain("@@index([tenantId])");

  expect(withAttributes("@@index([tenantId])")).toEqual([]);
});

test.each([
  "@@index([tenantId, day])",
  "@@unique([tenantId, code])",
  "@@index([tenantId(sort: Desc)])",
  "@@index([tenantId], type: Hash)",
])("%s leads with it", (attributes) => expect(withAttributes(attributes)).toEqual([]));

test("a composite primary key may lead with it", () => {
  const schema =
    tenantModel("Asset") +
    scopedModel("Asset", "", "@@id([tenantId, id])").replace("@id @default", "@default");
  expect(registryFindings(schema, lists)).toEqual([]);
});

test.each(["@@index([tenantId], type: Brin)", '@@index([tenantId], where: { code: "x" })'])(
  "%s does not count",
  (attributes) => {
    const preview =
      'generator client {\n  provider = "prisma-client"\n  previewFeatures = ["partialIndexes"]\n}\n';
    const schema = preview + tenantModel("Asset") + scopedModel("Asset", "code String", attributes);
    expect(rulesIn(registryFindings(schema, lists))).toEqual(["registry/missing-index"]);
  },
);
