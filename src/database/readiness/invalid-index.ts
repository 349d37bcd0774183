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
  // A build that failed early, on duplicates for example, is not even maintained yet.
  const price = index.isReady ? "every write maintains it" : "its build failed before it was filled";
  return {
    rule: "db/invalid-index",
    subject: {
      ...tableSubject(owner),
      table: table.name,
      index: index.name,
      ...(isNeeded ? { column: tenantColumn } : {}),
    },
    message: `index ${index.name} on ${table.schema}.${table.name} is invalid: no query uses it, ${price}${isNeeded ? `, and ${tenantColumn} has no other` : ""}`,
    ...remedyFor(table, index, name, isPartitioned),
    evidence: { definition: describeIndex(index), isUnique: index.isUnique },
  };
}

function remedyFor(table: CatalogTable, index: CatalogIndex, name: string, isPartitioned: boolean) {
  if (isPartitioned) {
    return {
      remedy:
        "Build the index on each partition and attach it: the parent's becomes valid with the last one.",
      remedySteps: [],
    };
  }
  if (index.partOf !== null) {
    const duplicates = index.isUnique
      ? "Find the duplicates that made its build fail. Then rebuild"
      : "Rebuild";
    return {
      remedy: `${duplicates} it and attach it again: it is a part of ${index.partOf}, which can't do without it.`,
      remedySteps: [
        `REINDEX INDEX CONCURRENTLY ${name};`,
        `ALTER INDEX ${index.partOf} ATTACH PARTITION ${name};`,
      ],
    };
  }
  const twin = table.indexes.find((other) => other !== index && other.isValid && isSameShape(other, index));
  const isRest = twin !== undefined || /_cc(new|old)\d*$/.test(index.name);
  if (isRest || index.isUnique) {
    const why = isRest
      ? `It is what a REINDEX CONCURRENTLY left${twin ? `; ${twin.name} is valid and does its work` : ""}.`
      : "It is unique: duplicates made its build fail, so find them first; build it again if it is wanted.";
    return { remedy: `Drop it. ${why}`, remedySteps: [`DROP INDEX CONCURRENTLY ${name};`] };
  }
  return {
    remedy: "Rebuild it, or drop it (DROP INDEX CONCURRENTLY) if nobody wants it.",
    remedySteps: [`REINDEX INDEX CONCURRENTLY ${name};`],
  };
}

function isSameShape(left: CatalogIndex, right: CatalogIndex): boolean {
  const shape = (index: CatalogIndex) =>
    JSON.stringify([index.method, index.isUnique, index.keyColumns, index.includedColumns, index.predicate]);
  return shape(left) === shape(right);
}
