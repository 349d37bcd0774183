import type { FindingDraft } from "../../findings/finding.js";
import type { RegistryContext } from "../context.js";
import { ignoredFieldNamed } from "../tenancy/columns.js";

/** A sub-scoped model without the tenant column: a forged unit id is all that separates tenants. */
export function subScopeWithoutTenant({ models, tenancy }: RegistryContext): FindingDraft[] {
  return models
    .filter(({ category, tenantField }) => category === "sub-scoped" && !tenantField)
    .map(({ model, entries }) => {
      const ignored = ignoredFieldNamed(model, tenancy.column);
      return {
        rule: "registry/sub-scope-without-tenant" as const,
        subject: {
          model: model.name,
          field: tenancy.column,
          table: model.table,
          ...(ignored ?? model).location,
        },
        message: `${model.name} is registered as sub-scoped and ${ignored ? `its ${ignored.name} is marked @ignore` : `has no ${tenancy.column}`}: its rows are told apart by unit alone`,
        remedy: ignored
          ? `Remove @ignore from ${model.name}.${ignored.name}.`
          : `Add ${tenancy.column} with an index and a relation to ${tenancy.model.name}, filled from the unit's own.`,
        evidence: { registeredAt: `${entries[0]!.location.file}:${entries[0]!.location.line}` },
      };
    });
}
