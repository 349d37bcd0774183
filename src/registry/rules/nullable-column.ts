import type { FindingDraft } from "../../findings/finding.js";
import { isScoped, type RegistryContext } from "../context.js";

/** A scoped model whose tenant column may be null: such a row belongs to nobody, or to everybody. */
export function nullableColumn({ models }: RegistryContext): FindingDraft[] {
  return models.flatMap(({ model, category, tenantField }) => {
    if (!isScoped(category) || !tenantField || tenantField.isRequired || model.kind === "view") return [];
    return [
      {
        rule: "registry/nullable-column" as const,
        subject: {
          model: model.name,
          field: tenantField.name,
          column: tenantField.column,
          table: model.table,
          ...tenantField.location,
        },
        message: `${model.name}.${tenantField.name} is optional: a row without a tenant is possible`,
        remedy: `Fill the rows that have none, then make ${tenantField.name} required. If null means shared by design, say so: /// tenantctl-ignore registry/nullable-column: reason`,
        evidence: {},
      },
    ];
  });
}
