import { fillSql, readSql } from "../../adapters/sql-file.js";
import type { FindingDraft } from "../../findings/finding.js";
import { type Audited, keyHeldBy } from "../audited.js";
import { type AuditedTable, tableSubject } from "../audited-table.js";
import type { CatalogColumn } from "../catalog/types.js";
import { areComparable, columnOf, type Expression, equals } from "../expression.js";
import { isUsable } from "../readiness/leading-index.js";
import { tieToTenant } from "../readiness/tenant-key.js";
import { qualified } from "../tenant-source.js";
import { rowKey, sampleOf } from "./primary-key.js";
import { indexOnly, type Proven, parallel, type Scan } from "./scan.js";

/** Distinct ids are walked one by one, at about 4 µs each; a scan reads a row in about a hundredth of that. */
const rowsPerDistinctId = 100;
/** Ids to walk before giving up where nothing is known of a table: about a tenth of a second. */
const blindWalk = 20_000;

interface StrayRow {
  gave_up: boolean;
  orphan_rows: string;
  orphan_tenants: string;
  tenants: { tenant: string; rows: number }[] | null;
  orphan_sample: Record<string, string>[] | null;
  null_rows: string;
  null_sample: Record<string, string>[] | null;
}

/**
 * Plans the look for rows whose tenant does not exist (`db/orphan-rows`) and rows without a tenant
 * (`db/null-tenant-rows`) in one table with a tenant column. Constraints that prove both leave nothing to
 * scan, unless `deep`.
 */
export function planTenantScan(audited: Audited, table: AuditedTable, deep: boolean): Scan | Proven {
  const column = table.tenantColumn!;
  const title = `${table.table.name}.${column.name}`;
  const tie = tieToTenant(audited, table, column.name);
  const hasProof = tie.kind === "tied" && tie.isProven;
  const maySkipNulls = column.isNotNull || !nullsCount(table);
  if (hasProof && maySkipNulls && !deep) {
    return { check: "orphans", title, by: column.isNotNull ? `${tie.by.name}, NOT NULL` : tie.by.name };
  }
  if (hasProof && !deep) return nullScan(table, column, title, tie.by.name);
  const obstacle = walkObstacle(audited, table, column);
  return obstacle === undefined
    ? walk(audited, table, column, title)
    : fullScan(audited, table, column, title, obstacle);
}

/** A row without a tenant is a fault, save in a model of a category that is not filtered by tenant. */
function nullsCount(table: AuditedTable): boolean {
  return table.isScoped || table.isUnmapped;
}

/** Why the distinct values can't be walked by an index; undefined where they can. */
function walkObstacle(audited: Audited, table: AuditedTable, column: CatalogColumn): string | undefined {
  const key = keyHeldBy(audited, table)!;
  if (!orderedIndex(table, column)) return "no index leads with the column";
  const types = { sql: "", type: column.baseType };
  if (!areComparable(types, { sql: "", type: key.baseType })) {
    return `${column.type} and ${key.type} are compared as text, which no index holds`;
  }
  if (!orderedIndex(audited.tenants!, key)) return "no index leads with the tenants' key";
  return undefined;
}

/** A whole B-tree that leads with a column, in the usual order: its values come sorted. */
function orderedIndex({ table }: AuditedTable, column: CatalogColumn) {
  return table.indexes.find(
    (index) =>
      isUsable(index) &&
      index.method === "btree" &&
      index.isInOrder &&
      index.keyColumns[0] === column.name &&
      index.predicate === null,
  );
}

/** The loose index scan, unless statistics promise too many distinct values. */
function walk(audited: Audited, table: AuditedTable, column: CatalogColumn, title: string): Scan {
  const index = orderedIndex(table, column)!;
  const key = tenantKeyOf(audited, table);
  const id: Expression = { sql: "d.id", type: column.baseType };
  const rows = table.table.estimatedRows;
  const limit = table.table.isAnalysed ? Math.floor(rows / rowsPerDistinctId) : blindWalk;
  const expected = expectedDistinct(audited, column);
  if (expected !== undefined && expected > limit && rows > rowsPerDistinctId * 10) {
    const why = `about ${Math.round(expected)} distinct tenants in ${rows} rows: too many to walk one by one`;
    return fullScan(audited, table, column, title, why);
  }
  return {
    table,
    checks: ["orphans"],
    title,
    way: "loose index scan",
    why: `${index.name} leads with the column, ${expected === undefined ? "distinct tenants unknown" : `about ${Math.round(expected)} distinct tenants`}`,
    cost: Math.max(1, expected ?? 100) * 50,
    statement: {
      sql: fillSql(readSql("database/tenant-strays-by-index"), {
        identifiers: placesOf(audited, table, column),
        fragments: { match: equals(key, id), keys_c: rowKey(table).fromTable("c") },
      }),
      values: [Math.max(limit, 1000)],
      settings: { ...indexOnly, enable_mergejoin: "off" },
    },
    judge: ([row]) =>
      (row as StrayRow).gave_up
        ? {
            instead: fullScan(
              audited,
              table,
              column,
              title,
              "more distinct tenants than statistics promised",
            ),
          }
        : { drafts: judgeStrays(table, column, row as StrayRow) },
  };
}

/** Distinct tenants in the column: as analysed, but never more than there are tenants, give or take strays. */
function expectedDistinct({ tenants }: Audited, column: CatalogColumn): number | undefined {
  const all = tenants!.table.isAnalysed ? tenants!.table.estimatedRows : undefined;
  if (column.distinctValues === undefined) return all;
  return all === undefined ? column.distinctValues : Math.min(all * 1.1 + 100, column.distinctValues);
}

function fullScan(
  audited: Audited,
  table: AuditedTable,
  column: CatalogColumn,
  title: string,
  why: string,
): Scan {
  const key = rowKey(table);
  // With an index the column alone is read, and rows are looked up afterwards; without, each is read once.
  const file = orderedIndex(table, column)
    ? "database/tenant-strays-by-group"
    : "database/tenant-strays-by-scan";
  return {
    table,
    checks: ["orphans"],
    title,
    way: "hash anti-join",
    why,
    cost: table.table.estimatedRows,
    statement: {
      sql: fillSql(readSql(file), {
        identifiers: placesOf(audited, table, column),
        fragments: {
          match: equals(tenantKeyOf(audited, table), columnOf("c", table.table, column.name)),
          keys_c: key.fromTable("c"),
          sort_keys_c: key.select,
          keys_s: key.fromStray("s"),
          order_s: key.order,
        },
      }),
      values: [],
      settings: parallel,
    },
    judge: ([row]) => ({ drafts: judgeStrays(table, column, row as StrayRow) }),
  };
}

function nullScan(table: AuditedTable, column: CatalogColumn, title: string, constraint: string): Scan {
  const key = rowKey(table);
  return {
    table,
    checks: ["orphans"],
    title,
    way: "scan for nulls",
    why: `${constraint} proves the rest`,
    cost: table.table.estimatedRows / 2,
    statement: {
      sql: fillSql(readSql("database/tenant-nulls"), {
        identifiers: { schema: table.table.schema, table: table.table.name, column: column.name },
        fragments: { sort_keys_c: key.select, keys_s: key.fromStray("s"), order_s: key.order },
      }),
      values: [],
      settings: parallel,
    },
    judge: ([row]) => ({ drafts: nullDrafts(table, column, row as StrayRow) }),
  };
}

/** The tenants' key that the table's column holds, under the alias p. */
function tenantKeyOf(audited: Audited, table: AuditedTable): Expression {
  return columnOf("p", audited.tenants!.table, keyHeldBy(audited, table)!.name);
}

function placesOf({ tenants }: Audited, { table }: AuditedTable, column: CatalogColumn) {
  return {
    schema: table.schema,
    table: table.name,
    column: column.name,
    tenant_schema: tenants!.table.schema,
    tenant_table: tenants!.table.name,
  };
}

function judgeStrays(table: AuditedTable, column: CatalogColumn, row: StrayRow): FindingDraft[] {
  return [...orphanDrafts(table, column, row), ...nullDrafts(table, column, row)];
}

function orphanDrafts(table: AuditedTable, column: CatalogColumn, row: StrayRow): FindingDraft[] {
  const rows = Number(row.orphan_rows);
  if (rows === 0) return [];
  const tenants = Number(row.orphan_tenants);
  return [
    {
      rule: "db/orphan-rows",
      subject: { ...tableSubject(table, column.name), column: column.name },
      message: `${count(rows, "row")} of ${table.table.schema}.${table.table.name} ${rows === 1 ? "belongs" : "belong"} to ${count(tenants, "tenant")} that ${tenants === 1 ? "does" : "do"} not exist`,
      remedy:
        "Look at the sample, restore the tenant if it was deleted by mistake, else export the rows and delete them; then add or validate the foreign key so that it can't happen again.",
      evidence: {
        rows,
        tenants: row.tenants ?? [],
        sample: sampleOf(row.orphan_sample, table.table),
        basis: "scan",
      },
    },
  ];
}

function nullDrafts(table: AuditedTable, column: CatalogColumn, row: StrayRow): FindingDraft[] {
  const rows = Number(row.null_rows);
  if (rows === 0 || !nullsCount(table)) return [];
  return [
    {
      rule: "db/null-tenant-rows",
      subject: { ...tableSubject(table, column.name), column: column.name },
      message: `${count(rows, "row")} of ${table.table.schema}.${table.table.name} ${rows === 1 ? "has" : "have"} no tenant (${column.name} is null)`,
      remedy: `Find out which tenant each belongs to (a parent's, the author's) and fill ${qualified(table)}, or delete them; then set NOT NULL.`,
      evidence: { rows, sample: sampleOf(row.null_sample, table.table), basis: "scan" },
    },
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
