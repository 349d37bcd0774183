import type { FindingDraft } from "../../findings/finding.js";
import type { Audited } from "../audited.js";
import { columnNamed, tableSubject } from "../audited-table.js";

/** A tenant or sub-scope column that the schema declares and the table lacks. */
export function missingColumn({ tables }: Audited): FindingDraft[] {
  return tables.flatMap((audited) => {
    const { registered, table } = audited;
    if (!registered || audited.isTenant) return [];
    const { tenantField, subScopes } = registered;
    const declared = [...(tenantField ? [tenantField] : []), ...subScopes.map(({ field }) => field)];
    return declared
      .filter((field) => !columnNamed(table, field.column))
      .map((field) => ({
        rule: "db/missing-column" as const,
        subject: { ...tableSubject(audited), column: field.column, ...field.location },
        message: `${table.schema}.${table.name} has no column ${field.column}, which ${registered.model.name}.${field.name} is mapped to`,
        remedy:
          "Apply the migration that adds it (npx prisma migrate deploy), fill it from the row's parent, then make it NOT NULL.",
        evidence: {},
      }));
  });
}
