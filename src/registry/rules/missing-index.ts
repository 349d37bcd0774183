import type { FindingDraft } from "../../findings/finding.js";
import { isScoped, type RegistryContext } from "../context.js";
import type { Key, Model } from "../schema/types.js";

/** A scoped model in which no key or index leads with the tenant column. */
export function missingIndex({ models }: RegistryContext): FindingDraft[] {
  return models.flatMap(({ model, category, tenantField }) => {
    if (!isScoped(category) || !tenantField || model.kind === "view") return [];
    if (model.keys.some((key) => leadsWith(key, tenantField.name))) return [];
    const line = `@@index([${tenantField.name}])`;
    return [
      {
        rule: "registry/missing-index" as const,
        subject: {
          model: model.name,
          field: tenantField.name,
          column: tenantField.column,
          table: model.table,
          ...tenantField.location,
        },
        message: `no index of ${model.name} leads with ${tenantField.name}: every filtered query scans all tenants' rows`,
        remedy: `Add ${line} to ${model.name}, or lead an index that exists with ${tenantField.name}.`,
        remedyPrisma: { schema: [{ model: model.name, add: [line] }], migration: [] },
        evidence: { indexes: indexesOf(model) },
      },
    ];
  });
}

function leadsWith(key: Key, field: string): boolean {
  const isOrdered = key.algorithm === undefined || key.algorithm === "Hash";
  return key.fields[0] === field && isOrdered && !key.isPartial;
}

function indexesOf(model: Model): string[] {
  return model.keys.map((key) => `@@${key.kind}([${key.fields.join(", ")}])`);
}
