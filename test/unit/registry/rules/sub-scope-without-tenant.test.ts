import { expect, test } from "vitest";
import { registryFindings, rulesIn, scopedModel, tenantModel } from "../../../support/registry.js";

const settings = { model: "Tenant", column: "tenantId", subScopes: [{ model: "Unit", column: "unitId" }] };
const lists = { "tenant-scoped": ["Unit"], "sub-scoped": ["Desk"], global: ["Tenant"] };
const unit = "unitId String @db.Uuid\n  unit Unit @relation(fields: [unitId], references: [id])";
const sound = tenantModel("Unit", "Desk") + scopedModel("Unit", "desks Desk[]") + scopedModel("Desk", unit);

test("a sub-scoped model without the tenant column is found", () => {
  expect(registryFindings(sound, lists, settings)).toEqual([]);

  const desk = `model Desk {\n  id Int @id\n  ${unit}\n}\n`;
  const findings = registryFindings(
    tenantModel("Unit") + scopedModel("Unit", "desks Desk[]") + desk,
    lists,
    settings,
  );
  expect(rulesIn(findings)).toEqual(["registry/sub-scope-without-tenant"]);
  expect(findings[0]?.subject).toMatchObject({ model: "Desk", field: "tenantId" });

  expect(registryFindings(sound, lists, settings)).toEqual([]);
});

test("of a tenant column marked @ignore it says that", () => {
  const desk = `model Desk {\n  id Int @id\n  tenantId String? @ignore\n  ${unit}\n}\n`;
  const text = tenantModel("Unit") + scopedModel("Unit", "desks Desk[]") + desk;
  const [finding] = registryFindings(text, lists, settings);
  expect(finding?.message).toContain("its tenantId is marked @ignore");
  expect(finding?.remedy).toBe("Remove @ignore from Desk.tenantId.");
});
