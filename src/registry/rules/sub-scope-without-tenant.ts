import type { FindingDraft } from "../../findings/finding.js";
import type { RegistryContext } from "../context.js";

/** A sub-scoped model without the tenant column: a forged unit id is all that separates tenants. */
export function subScopeWithoutTenant({ models, tenancy }: RegistryContext): FindingDraft[] {
  return models
    .filter(({ category, tenantField }) => category === "sub-scoped" && !tenantField)
    .map(({ model, entries }) => ({
      rule: "registry/sub-scope-without-tenant" as const,
      subject: { model: model.name, field: tenancy.column, table: model.table, ...model.location },
      message: `${model.name} is registered as sub-scoped and has no ${tenancy.column}: its rows are told apart by unit alone`,
      remedy: `Add ${tenancy.column} with an index and a relation to ${tenancy.model.name}, filled from the unit's own.`,
      evidence: { registeredAt: `${entries[0]!.location.file}:${entries[0]!.location.line}` },
    }));
}
