import { quoteIdentifier } from "../../adapters/sql-file.js";
import type { FindingDraft } from "../../findings/finding.js";
import type { Audited } from "../audited.js";
import { type AuditedTable, tableSubject } from "../audited-table.js";
import type { CatalogIndex, CatalogTable } from "../catalog/types.js";
import { describeIndex, hasLeadingIndex, leadsWith, partitionsOf } from "./leading-index.js";

/** An index that a failed concurrent build left: no query uses it, every write still pays for it. */
export function invalidIndex(audited: Audited): FindingDraft[] {
  return audited.tables.flatMap((each) =>
    [each.table, ...partitionsOf(each.table, audited)].flatMap((table) =>
      table.indexes
        .filter((index) => !index.isValid && !index.isBeingBuilt)
        .map((index) => finding(audited, each, table, index)),
    ),
  );
}

function finding(
  audited: Audited,
  owner: AuditedTable,
  table: CatalogTable,
  index: CatalogIndex,
): FindingDraft {
  const tenantColumn = owner.tenantColumn?.name;
  const name = `${quoteIdentifier(index.schema)}.${quoteIdentifier(index.name)}`;
  const isNeeded =
    tenantColumn !== undefined &&
    leadsWith(index, tenantColumn) &&
    !hasLeadingIndex(table, tenantColumn, audited);
  const isPartitioned = table.kind === "partitioned";
  const duplicates = index.isUnique
    ? " It is unique: look for duplicates first, they made its build fail."
    : "";
  return {
    rule: "db/invalid-index",
    subject: {
      ...tableSubject(owner),
      table: table.name,
      index: index.name,
      ...(isNeeded ? { column: tenantColumn } : {}),
    },
    message: `index ${index.name} on ${table.schema}.${table.name} is invalid: no query uses it, every write maintains it${isNeeded ? `, and ${tenantColumn} has no other` : ""}`,
    remedy: isPartitioned
      ? "Build the index on each partition and attach it: the parent's becomes valid with the last one."
      : `Rebuild it with REINDEX INDEX CONCURRENTLY, or drop it if nobody wants it.${duplicates}`,
    remedySteps: isPartitioned
      ? []
      : index.isUnique
        ? [`DROP INDEX CONCURRENTLY ${name};`]
        : [`REINDEX INDEX CONCURRENTLY ${name};`],
    evidence: { definition: describeIndex(index), isUnique: index.isUnique },
  };
}
