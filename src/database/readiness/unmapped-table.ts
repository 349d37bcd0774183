import type { FindingDraft } from "../../findings/finding.js";
import type { Audited } from "../audited.js";
import { isBaseTable } from "./foreign-keys.js";

/** A table with the tenant column and no model: it holds tenants' data, and no guard knows it. */
export function unmappedTable({ tables }: Audited): FindingDraft[] {
  return tables
    .filter((audited) => audited.isUnmapped && isBaseTable(audited))
    .map(({ table, tenantColumn }) => ({
      rule: "db/unmapped-table" as const,
      subject: { schema: table.schema, table: table.name, column: tenantColumn?.name },
      message: `${table.schema}.${table.name} has ${tenantColumn?.name} and no model: no guard covers it`,
      remedy:
        "Add a model for it (npx prisma db pull shows one) and register it, move it out of the application's schemas, or drop it if it is a left-over.",
      evidence: { estimatedRows: table.isAnalysed ? table.estimatedRows : null },
    }));
}
