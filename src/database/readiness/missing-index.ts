import type { FindingDraft } from "../../findings/finding.js";
import type { Audited } from "../audited.js";
import { tableSubject } from "../audited-table.js";
import { createIndex } from "../remedies/create-index.js";
import { describeIndex, hasLeadingIndex, leadsWith } from "./leading-index.js";

/**
 * A scoped table in which no usable index leads with the tenant column. An index that would and is invalid
 * is the finding of `db/invalid-index`, not of this one.
 */
export function missingIndex(audited: Audited): FindingDraft[] {
  return audited.tables.flatMap((each) => {
    const { tenantColumn, table } = each;
    if (!each.isScoped || !tenantColumn || hasLeadingIndex(table, tenantColumn.name, audited)) return [];
    const leading = table.indexes.filter((index) => index.keyColumns[0] === tenantColumn.name);
    if (leading.some((index) => leadsWith(index, tenantColumn.name))) return [];
    const useless = leading.flatMap(({ name, predicate, comparesAsColumn }) => {
      if (typeof predicate === "string") return [`${name} is partial and does not count`];
      return comparesAsColumn
        ? []
        : [`${name} has another collation than the column, so that no query uses it`];
    });
    const why = useless.length ? ` (${useless.join("; ")})` : "";
    return [
      {
        rule: "db/missing-index" as const,
        subject: { ...tableSubject(each, tenantColumn.name), column: tenantColumn.name },
        message: `no index of ${table.schema}.${table.name} leads with ${tenantColumn.name}${why}: each tenant's query reads every tenant's rows`,
        ...createIndex(audited, each, tenantColumn.name),
        evidence: {
          estimatedRows: table.isAnalysed ? table.estimatedRows : null,
          indexes: table.indexes.map(describeIndex),
        },
      },
    ];
  });
}
