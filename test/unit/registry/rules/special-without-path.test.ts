import { expect, test } from "vitest";
import { registryFindings, scopedModel, tenantModel } from "../../../support/registry.js";

const line = (mark: string) => `model Line {
  id Int @id
  assetId String${mark} @db.Uuid
  asset Asset${mark} @relation(fields: [assetId], references: [id])
  parts Part[]
}
model Part {
  id Int @id
  lineId Int
  line Line @relation(fields: [lineId], references: [id])
}
`;
const schema = (mark: string) => tenantModel("Asset") + scopedModel("Asset", "lines Line[]") + line(mark);
const lists = { "tenant-scoped": ["Asset"], special: ["Line", "Part"], global: ["Tenant"] };

test("a special model without a required chain is found, and so is what hangs on it", () => {
  expect(registryFindings(schema(""), lists)).toEqual([]);

  const findings = registryFindings(schema("?"), lists);
  expect(findings.map(({ rule, subject }) => [rule, subject.model])).toEqual([
    ["registry/special-without-path", "Line"],
    ["registry/special-without-path", "Part"],
  ]);
  expect(findings[0]?.evidence?.optionalRelations).toEqual(["asset"]);

  expect(registryFindings(schema(""), lists)).toEqual([]);
});

test("a required relation to the tenant itself is a path", () => {
  const settings = `model Settings {\n  tenantRef String @id @db.Uuid\n  owner Tenant @relation(fields: [tenantRef], references: [id])\n}\n`;
  const tenant = tenantModel("Asset").replace("assets Asset[]", "assets Asset[]\n  settings Settings?");
  expect(
    registryFindings(tenant + scopedModel("Asset") + settings, {
      "tenant-scoped": ["Asset"],
      special: ["Settings"],
      global: ["Tenant"],
    }),
  ).toEqual([]);
});
