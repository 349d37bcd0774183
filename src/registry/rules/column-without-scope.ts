import type { FindingDraft } from "../../findings/finding.js";
import type { RegistryContext } from "../context.js";

/**
 * A model with the tenant column that the registry does not scope. In the special category only a required
 * column counts: an optional one is a reason for special handling (null means shared).
 */
export function columnWithoutScope({ models }: RegistryContext): FindingDraft[] {
  return models.flatMap(({ model, category, entries, tenantField }) => {
    if (!tenantField) return [];
    const isUnscoped = category === "global" || (category === "special" && tenantField.isRequired);
    if (!isUnscoped) return [];
    return [
      {
        rule: "registry/column-without-scope" as const,
        subject: { model: model.name, field: tenantField.name, table: model.table, ...entries[0]!.location },
        message: `${model.name} has ${tenantField.name} and is registered as ${category}: queries on it are not filtered by tenant`,
        remedy: `Move "${model.name}" to TENANT_SCOPED_MODELS.`,
        evidence: { category, field: `${tenantField.location.file}:${tenantField.location.line}` },
      },
    ];
  });
}
