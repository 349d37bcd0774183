import { fillSql, quoteIdentifier, readSql } from "../../adapters/sql-file.js";
import type { FindingDraft } from "../../findings/finding.js";
import { tableSubject } from "../audited-table.js";
import { columnOf, equals } from "../expression.js";
import { isProof, type Reference } from "../references.js";
import { type Aliased, matchKeys, qualified, sourceSql, type TenantSource } from "../tenant-source.js";
import { coveringIndexes } from "./covering.js";
import { lookupPairs, pairsOf } from "./lookup.js";
import { rowKey, sampleOf } from "./primary-key.js";
import { indexOnly, type Proven, parallel, type Scan, type Statement } from "./scan.js";

interface StrayRow {
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
): Scan {
  const { child, parent } = reference;
  const pairs = lookupPairs(reference, childSource, parentSource);
  const isDirect = childSource.hops.length === 0 && parentSource.hops.length === 0;
  const tenantPair = [childSource.column, parentSource.column] as const;
  const pair = isDirect ? coveringIndexes(child.table, parent.table, [...pairs, tenantPair]) : undefined;
  const isCovered = pair?.isFresh === true;
  const rows = child.table.estimatedRows + parent.table.estimatedRows;
  return {
    table: child,
    checks: asksDangling ? ["orphans", "references"] : ["references"],
    title: titleOf(reference),
    way: isCovered ? "merge anti-join of index-only scans" : "anti-join",
    why: pair
      ? `${pair.child.name} and ${pair.parent.name} hold key and tenant${isCovered ? "" : ", but need a VACUUM"}`
      : isDirect
        ? "no pair of indexes holds key and tenant on both sides"
        : "the tenant stands in an ancestor",
    cost: isCovered ? rows / 3 : rows,
    statement: crossingStatement(reference, childSource, parentSource, pairs, { isCovered, asksDangling }),
    judge: ([row]) => ({
      drafts: [
        ...(asksDangling ? danglingDrafts(reference, row as StrayRow) : []),
        ...crossingDrafts(reference, row as StrayRow),
      ],
    }),
  };
}

function crossingStatement(
  { child, parent }: Reference,
  childSource: TenantSource,
  parentSource: TenantSource,
  pairs: readonly (readonly [string, string])[],
  { isCovered, asksDangling }: { readonly isCovered: boolean; readonly asksDangling: boolean },
): Statement {
  const columns = pairs.map(([column]) => column);
  const targets = pairs.map(([, target]) => target);
  const [c, p]: Aliased[] = [
    { alias: "c", table: child },
    { alias: "p", table: parent },
  ] as const;
  // A row that has lost the ancestor with its tenant may still point at a parent that does not exist.
  const rows = sourceSql(child, childSource, "c", asksDangling ? "left join" : "join");
  const parents = sourceSql(parent, parentSource, "p", "join");
  const anyParent = sourceSql(parent, parentSource, "p", "left join");
  const keys = columns.map((column) => columnOf("c", child.table, column));
  const strayKeys = keys.map(({ type }, index) => ({ sql: `s.f${index + 1}`, type }));
  const hasTenant = childSource.hops.length === 0 && child.tenantColumn?.isNotNull === true;
  const sameTenant = equals(parents.tenant, rows.tenant);
  const strayTenant = (alias: string, name: string, { type }: { type: string }) => ({
    sql: `${alias}.${name}`,
    type,
  });
  const key = rowKey(child.table);
  return {
    sql: fillSql(readSql(`database/reference-strays-by-${isCovered ? "index" : "scan"}`), {
      fragments: {
        child: rows.from,
        child_tenant: rows.tenant.sql,
        key_columns_c: keys.map(({ sql }, index) => `${sql} as f${index + 1}`).join(", "),
        key_columns: keys.map((_, index) => `f${index + 1}`).join(", "),
        group_columns_c: keys.map(({ sql }) => sql).join(", "),
        has_key: keys.map(({ sql }) => `${sql} is not null`).join(" and "),
        parent: parents.from,
        same_tenant: `${matchKeys(p!, targets, c!, columns)} and ${hasTenant ? sameTenant : `(${sameTenant} or ${rows.tenant.sql} is null)`}`,
        parent_of_s: anyParent.from,
        parent_tenant: anyParent.tenant.sql,
        parent_match: targets
          .map((target, index) => equals(columnOf("p", parent.table, target), strayKeys[index]!))
          .join(" and "),
        child_match: `${keys.map((each, index) => equals(each, strayKeys[index]!)).join(" and ")} and ${rows.tenant.sql} is not distinct from s.tenant`,
        tenants_differ: `not (${equals(strayTenant("j", "tenant", rows.tenant), strayTenant("j", "parent_tenant", parents.tenant))})`,
        keys_c: key.fromTable("c"),
        sort_keys_c: key.select,
        keys_s: key.fromStray("s"),
        order_s: key.order,
      },
    }),
    values: [],
    settings: isCovered ? { ...parallel, ...indexOnly, enable_nestloop: "off" } : parallel,
  };
}

function danglingScan(reference: Reference): Scan {
  const { child, parent, columns, parentColumns } = reference;
  const key = rowKey(child.table);
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
