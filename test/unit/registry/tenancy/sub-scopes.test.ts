import { expect, test } from "vitest";
import { UsageError } from "../../../../src/findings/errors.js";
import { registryFindings, scopedModel, tenantModel } from "../../../support/registry.js";

const schema = `${tenantModel("Unit", "Desk")}${scopedModel("Unit", "desks Desk[]")}${scopedModel(
  "Desk",
  "unitId String @db.Uuid\n  unit Unit @relation(fields: [unitId], references: [id])",
)}`;
const lists = { "tenant-scoped": ["Unit"], "sub-scoped": ["Desk"], global: ["Tenant"] };
const found = (column: string) =>
  registryFindings(schema, lists, {
    model: "Tenant",
    column: "tenantId",
    subScopes: [{ model: "Unit", column }],
  });

test("a sub-scope's column that no model has is refused, with the nearest one", () => {
  expect(found("unitId")).toEqual([]);

  const refusal = (column: string): UsageError => {
    try {
      found(column);
    } catch (error) {
      return error as UsageError;
    }
    throw new Error("it was accepted");
  };
  expect(refusal("unitID")).toBeInstanceOf(UsageError);
  expect(refusal("unitID").message).toBe("no model has a field or column unitID");
  expect(refusal("unitID").hint).toMatch(/^did you mean unitId\? .*tenant\.subScopes/);
  expect(refusal("nope").hint).toMatch(/tenant\.subScopes/);
});
