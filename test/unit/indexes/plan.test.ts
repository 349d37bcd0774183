import { describe, expect, test } from "vitest";
import { proposedName } from "../../../src/indexes/plan/names.js";

describe("names of proposed indexes", () => {
  test.each([
    ["client_business_units", ["tenantId", "businessUnitId"], "client_business_units_tenant_bu_idx"],
    ["supply_usages", ["tenantId", "businessUnitId"], "supply_usages_tenant_bu_idx"],
    ["docs", ["organization_id", "cost_center_id"], "docs_organization_cc_idx"],
    ["Doc", ["teamID", "workspaceID"], "Doc_team_workspace_idx"],
    ["assets", ["tenantId", "state", "createdAt"], "assets_tenant_state_created_at_idx"],
    // Two of the same initials are written out.
    ["assets", ["businessUnitId", "billingUserId"], "assets_business_unit_id_billing_user_id_idx"],
    ["assets", ["id", "tenantId"], "assets_id_tenant_idx"],
    // One column: Prisma's own name, so that the schema needs no map.
    ["assets", ["businessUnitId"], "assets_businessUnitId_idx"],
    ["a".repeat(70), ["tenantId", "unitId"], `${"a".repeat(59)}_idx`],
  ])("%s (%j) is %s", (table, names, expected) => {
    expect(proposedName(table, names)).toBe(expected);
  });
});
