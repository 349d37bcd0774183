import { expect, test } from "vitest";
import { registryFindings, rulesIn, scopedModel, tenantModel } from "../../../support/registry.js";

const line = `model Line {
  id Int @id
  assetId String @db.Uuid
  asset Asset @relation(fields: [assetId], references: [id])
}
`;
const schema = tenantModel("Asset") + scopedModel("Asset", "lines Line[]") + line;

test("a scoped model without the column is found, and the way out is named", () => {
  expect(
    registryFindings(schema, { "tenant-scoped": ["Asset"], special: ["Line"], global: ["Tenant"] }),
  ).toEqual([]);

  const findings = registryFindings(schema, { "tenant-scoped": ["Asset", "Line"], global: ["Tenant"] });
  expect(rulesIn(findings)).toEqual(["registry/scoped-without-column"]);
  expect(findings[0]?.subject).toMatchObject({ model: "Line", field: "tenantId" });
  expect(findings[0]?.remedy).toContain("SPECIAL_HANDLING_MODELS");

  expect(
    registryFindings(schema, { "tenant-scoped": ["Asset"], special: ["Line"], global: ["Tenant"] }),
  ).toEqual([]);
});

test("the tenant itself has no tenant column", () => {
  const findings = registryFindings(schema, { "tenant-scoped": ["Asset", "Tenant"], special: ["Line"] });
  expect(rulesIn(findings)).toEqual(["registry/scoped-without-column"]);
  expect(findings[0]?.message).toContain("Tenant is the tenant itself");
});

test("a column of another name counts where its relation points at the tenant", () => {
  const other =
    tenantModel("Asset").replace("assets", "owned") + scopedModel("Asset").replaceAll("tenantId", "ownerId");
  const withMore = other.replace("owned Asset[]", "owned Asset[]\n  others Other[]") + scopedModel("Other");
  expect(registryFindings(withMore, { "tenant-scoped": ["Asset", "Other"], global: ["Tenant"] })).toEqual([]);
});

test("a sub-scoped model needs the sub-scope's column too", () => {
  const units = `${tenantModel("Unit", "Desk")}${scopedModel("Unit", "desks Desk[]")}${scopedModel(
    "Desk",
    "unitId String @db.Uuid\n  unit Unit @relation(fields: [unitId], references: [id])",
  )}`;
  const settings = { model: "Tenant", column: "tenantId", subScopes: [{ model: "Unit" }] };
  const lists = { "tenant-scoped": ["Unit"], "sub-scoped": ["Desk"], global: ["Tenant"] };
  expect(registryFindings(units, lists, settings)).toEqual([]);

  const findings = registryFindings(
    units,
    { ...lists, "tenant-scoped": [], "sub-scoped": ["Desk", "Unit"] },
    settings,
  );
  expect(rulesIn(findings)).toEqual(["registry/scoped-without-column"]);
  expect(findings[0]?.subject).toMatchObject({ model: "Unit", field: "unitId" });
});

test("of a column marked @ignore it says that, where the column stands", () => {
  const ignored = line.replace(
    "id Int @id",
    'id Int @id\n  note String? @default("@ignore")\n  tenant String? @map("tenantId") @ignore',
  );
  const text = tenantModel("Asset") + scopedModel("Asset", "lines Line[]") + ignored;
  const [finding, ...others] = registryFindings(text, {
    "tenant-scoped": ["Asset", "Line"],
    global: ["Tenant"],
  });
  expect(others).toEqual([]);
  expect(finding?.message).toContain("its field tenant is marked @ignore");
  expect(finding?.message).not.toContain("has no field");
  expect(finding?.remedy).toContain("Remove @ignore from Line.tenant");
  expect(finding?.subject).toMatchObject({ model: "Line", field: "tenantId", line: 19 });
});
