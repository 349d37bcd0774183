import { fillSql, quoteIdentifier, readSql } from "../../adapters/sql-file.js";
import type { FindingDraft } from "../../findings/finding.js";
import { tableSubject } from "../audited-table.js";
import { isProof, type Reference } from "../references.js";
import { matchKeys, qualified, type TenantSource } from "../tenant-source.js";
import { coveringIndexes } from "./covering.js";
import { crossingStatement, fewStrays } from "./crossing-statement.js";
import { lookupPairs, pairsOf } from "./lookup.js";
import { rowKey, sampleOf } from "./primary-key.js";
import { type Proven, parallel, type Scan } from "./scan.js";

interface StrayRow {
  gave_up?: boolean | null;
  dangling_rows: string;
  dangling_sample: Record<string, string>[] | null;
  crossing_rows?: string;
  crossing_pairs?: string;
  pairs?: { tenant: string; parentTenant: string; rows: number }[] | null;
  crossing_sample?: Record<string, string>[] | null;
}

/** What is asked of the references between tables. */
export interface ReferenceQuestion {
  /** Rows whose parent does not exist (`db/orphan-rows`). */
  readonly dangling: boolean;
  /** Rows whose parent belongs to another tenant (`db/cross-tenant-reference`). */
  readonly crossing: boolean;
  /** Look even where a constraint proves the answer. */
  readonly deep: boolean;
}

/** What one reference needs: a scan, or the constraints that make it needless. */
export interface ReferencePlan {
  readonly scan?: Scan;
  readonly proven: readonly Proven[];
}

/** Plans the look at one reference between two tables that belong to tenants. */
export function planReferenceScan(
  reference: Reference,
  child: TenantSource,
  parent: TenantSource | undefined,
  question: ReferenceQuestion,
): ReferencePlan {
  const title = titleOf(reference);
  const proven: Proven[] = [];
  const exists = isProof(reference.constraint) ? reference.constraint?.name : undefined;
  const asksDangling = question.dangling && (exists === undefined || question.deep);
  if (question.dangling && !asksDangling) proven.push({ check: "orphans", title, by: exists! });

  const [hop] = child.hops;
  const ownsTenant = hop?.parent === reference.parent && hop.columns === reference.columns;
  const mayCross = question.crossing && parent !== undefined && !reference.parent.isTenant && !ownsTenant;
  const equal = mayCross ? provenEqual(reference, child, parent) : undefined;
  if (equal !== undefined && !question.deep) proven.push({ check: "references", title, by: equal });
  else if (mayCross) return { scan: crossingScan(reference, child, parent, asksDangling), proven };
  return asksDangling ? { scan: danglingScan(reference), proven } : { proven };
}

/** The constraint that keeps tenants equal: a composite key that holds this reference and both tenant columns. */
function provenEqual(reference: Reference, child: TenantSource, parent: TenantSource): string | undefined {
  if (child.hops.length > 0 || parent.hops.length > 0) return undefined;
  const wanted = [...pairsOf(reference), [child.column, parent.column] as const];
  return reference.child.table.foreignKeys.find(
    (constraint) =>
      isProof(constraint) &&
      constraint.targetId === reference.parent.table.id &&
      wanted.every(
        ([column, target]) => constraint.targetColumns[constraint.columns.indexOf(column)] === target,
      ),
  )?.name;
}

function titleOf({ child, columns, parent }: Reference): string {
  return `${child.table.name}.${columns.join(", ")} → ${parent.table.name}`;
}

function crossingScan(
  reference: Reference,
  childSource: TenantSource,
  parentSource: TenantSource,
  asksDangling: boolean,
  expectsMany = false,
): Scan {
  const { child, parent } = reference;
  const pairs = lookupPairs(reference, childSource, parentSource);
  const isDirect = childSource.hops.length === 0 && parentSource.hops.length === 0;
  const tenantPair = [childSource.column, parentSource.column] as const;
  const pair = isDirect ? coveringIndexes(child.table, parent.table, [...pairs, tenantPair]) : undefined;
  const isCovered = pair?.isFresh === true && !expectsMany;
  const rows = child.table.estimatedRows + parent.table.estimatedRows;
  return {
    table: child,
    checks: asksDangling ? ["orphans", "references"] : ["references"],
    title: titleOf(reference),
    way: isCovered
      ? "merge anti-join of index-only scans"
      : expectsMany
        ? "anti-join, then hash join"
        : "anti-join",
    why: expectsMany
      ? `more than ${fewStrays} rows point astray`
      : pair
        ? `${pair.child.name} and ${pair.parent.name} hold key and tenant${isCovered ? "" : ", but need a VACUUM"}`
        : isDirect
          ? "no pair of indexes holds key and tenant on both sides"
          : "the tenant stands in an ancestor",
    cost: isCovered ? rows / 3 : rows,
    statement: crossingStatement(reference, childSource, parentSource, pairs, {
      isCovered,
      asksDangling,
      expectsMany,
    }),
    judge: ([row]) => {
      if ((row as StrayRow).gave_up) {
        return { instead: crossingScan(reference, childSource, parentSource, asksDangling, true) };
      }
      return {
        drafts: [
          ...(asksDangling ? danglingDrafts(reference, row as StrayRow) : []),
          ...crossingDrafts(reference, row as StrayRow),
        ],
      };
    },
  };
}

function danglingScan(reference: Reference): Scan {
  const { child, parent, columns, parentColumns } = reference;
  const key = rowKey(child);
  return {
    table: child,
    checks: ["orphans"],
    title: titleOf(reference),
    way: "anti-join",
    why: "no constraint proves it",
    cost: child.table.estimatedRows + parent.table.estimatedRows,
    statement: {
      sql: fillSql(readSql("database/foreign-key-orphans"), {
        fragments: {
          child: `${qualified(child)} as c`,
          has_key: columns.map((column) => `c.${quoteIdentifier(column)} is not null`).join(" and "),
          parent: `${qualified(parent)} as p`,
          parent_of_c: matchKeys(
            { alias: "p", table: parent },
            parentColumns,
            { alias: "c", table: child },
            columns,
          ),
          sort_keys_c: key.select,
          keys_s: key.fromStray("s"),
          order_s: key.order,
        },
      }),
      values: [],
      settings: parallel,
    },
    judge: ([row]) => ({ drafts: danglingDrafts(reference, row as StrayRow) }),
  };
}

function subjectOf({ child, columns, parent, parentColumns }: Reference) {
  return {
    ...tableSubject(child, columns[0]),
    column: columns.join(", "),
    references: `${parent.table.schema}.${parent.table.name}.${parentColumns.join(", ")}`,
  };
}

function danglingDrafts(reference: Reference, row: StrayRow): FindingDraft[] {
  const rows = Number(row.dangling_rows);
  if (rows === 0) return [];
  const { child, parent, columns } = reference;
  return [
    {
      rule: "db/orphan-rows",
      subject: subjectOf(reference),
      message: `${rowsOf(rows)} of ${child.table.schema}.${child.table.name} ${rows === 1 ? "points" : "point"} by ${columns.join(", ")} at rows of ${parent.table.name} that do not exist`,
      remedy:
        "Look at the sample, restore the parents if they were deleted by mistake, else delete the rows or clear the column; then add or validate the foreign key.",
      evidence: { rows, sample: sampleOf(row.dangling_sample, child.table), basis: "scan" },
    },
  ];
}

function crossingDrafts(reference: Reference, row: StrayRow): FindingDraft[] {
  const rows = Number(row.crossing_rows);
  if (rows === 0) return [];
  const { child, parent, columns } = reference;
  const pairs = Number(row.crossing_pairs);
  return [
    {
      rule: "db/cross-tenant-reference",
      subject: subjectOf(reference),
      message: `${rowsOf(rows)} of ${child.table.schema}.${child.table.name} ${rows === 1 ? "points" : "point"} by ${columns.join(", ")} at another tenant's rows of ${parent.table.name} (${pairs} ${pairs === 1 ? "pair" : "pairs"} of tenants)`,
      remedy:
        "Find the code that wrote them (a foreign key taken from the request and not checked), point each row at its own tenant's parent or delete it, then make it impossible: a composite foreign key that holds the tenant on both sides.",
      evidence: {
        rows,
        pairs: row.pairs ?? [],
        sample: sampleOf(row.crossing_sample ?? null, child.table),
        basis: "scan",
      },
    },
  ];
}

function rowsOf(rows: number): string {
  return `${rows} ${rows === 1 ? "row" : "rows"}`;
}
