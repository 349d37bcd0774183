import type { FindingDraft } from "../../findings/finding.js";
import type { RegistryContext } from "../context.js";
import { ignoredFieldNamed } from "../tenancy/columns.js";

/** A scoped model without the column that its category filters by: the guard's filter fails at run time. */
export function scopedWithoutColumn({ models, tenancy }: RegistryContext): FindingDraft[] {
  const unitNames = tenancy.subScopes.map((subScope) => subScope.column);
  const unitColumns = unitNames.join(" or ");
  return models.flatMap(({ model, category, entries, tenantField, subScopes, path }): FindingDraft[] => {
    if (model.name === tenancy.model.name && category === "tenant-scoped") {
      return [
        {
          rule: "registry/scoped-without-column",
          subject: { model: model.name, field: tenancy.column, table: model.table, ...entries[0]!.location },
          message: `${model.name} is the tenant itself and is registered as tenant-scoped: it has no ${tenancy.column}`,
          remedy: `Move "${model.name}" to GLOBAL_MODELS or SPECIAL_HANDLING_MODELS.`,
        },
      ];
    }
    const lacksTenant = category === "tenant-scoped" && !tenantField;
    const lacksUnit = category === "sub-scoped" && unitColumns !== "" && subScopes.length === 0;
    if (!lacksTenant && !lacksUnit) return [];
    const column = lacksTenant ? tenancy.column : unitColumns;
    const ignored = (lacksTenant ? [tenancy.column] : unitNames)
      .map((name) => ignoredFieldNamed(model, name))
      .find((field) => field !== undefined);
    if (ignored) {
      return [
        {
          rule: "registry/scoped-without-column",
          subject: { model: model.name, field: column, table: model.table, ...ignored.location },
          message: `${model.name} is registered as ${category} and its field ${ignored.name} is marked @ignore: Prisma Client does not have it, so no query can be filtered by it`,
          remedy: `Remove @ignore from ${model.name}.${ignored.name}, or move "${model.name}" to the category that fits.`,
          evidence: { category, registeredAt: at(entries[0]!.location) },
        },
      ];
    }
    const isReachable = lacksTenant && path.kind === "parent";
    return [
      {
        rule: "registry/scoped-without-column",
        subject: { model: model.name, field: column, table: model.table, ...model.location },
        message: `${model.name} is registered as ${category} and has no field ${column}`,
        remedy: isReachable
          ? `Move "${model.name}" to SPECIAL_HANDLING_MODELS (it reaches its tenant through ${path.relation.field}), or add ${column} to it.`
          : lacksUnit && tenantField
            ? `Move "${model.name}" to TENANT_SCOPED_MODELS, or add ${column} to it.`
            : `Add ${column} to ${model.name}, or move it to the category that fits.`,
        evidence: { category, registeredAt: at(entries[0]!.location) },
      },
    ];
  });
}

function at({ file, line }: { file: string; line: number }): string {
  return `${file}:${line}`;
}
