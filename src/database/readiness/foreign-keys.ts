import type { FindingDraft } from "../../findings/finding.js";
import { type Audited, keyHeldBy } from "../audited.js";
import { type AuditedTable, tableSubject } from "../audited-table.js";
import type { CatalogForeignKey, CatalogTable } from "../catalog/types.js";
import { isProof } from "../references.js";
import { addForeignKey, type ForeignKeyShape, replaceForeignKey } from "../remedies/foreign-key.js";
import { ownership } from "../tenant-source.js";
import { partsOf } from "./leading-index.js";
import { holdsAlways, tieToTenant } from "./tenant-key.js";

/**
 * `db/missing-foreign-key` and `db/wrong-foreign-key-target`: the tenant column of scoped tables, and the
 * relations that the schema declares between tables that belong to tenants.
 */
export function foreignKeys(audited: Audited): FindingDraft[] {
  return [...tenantColumns(audited), ...declaredRelations(audited)];
}

function tenantColumns(audited: Audited): FindingDraft[] {
  const { tenants, tenantKey, tables } = audited;
  if (!tenants || !tenantKey) return [];
  return tables.flatMap((child) => {
    if (!child.isScoped || !child.tenantColumn) return [];
    const column = child.tenantColumn.name;
    const tie = tieToTenant(audited, child, column);
    if (tie.kind === "tied") return [];
    const declared = audited.references.find(
      (reference) =>
        reference.child === child && reference.parent === tenants && reference.columns.join() === column,
    )?.declared;
    const key = keyHeldBy(audited, child) ?? tenantKey;
    const expected = { child, columns: [column], parent: tenants, parentColumns: [key.name], declared };
    if (tie.kind === "elsewhere") return [wrongTarget(audited, expected, tie.by)];
    const why =
      tie.kind === "partly" ? `; ${tie.by.name} holds it only where no other column of that key is null` : "";
    return [missing(audited, expected, why)];
  });
}

function declaredRelations(audited: Audited): FindingDraft[] {
  const belongs = ownership(audited);
  return audited.references.flatMap((reference) => {
    const { child, parent, declared, constraint, columns } = reference;
    if (constraint || !declared || !belongs(child) || !belongs(parent)) return [];
    if (!isBaseTable(child) || !isBaseTable(parent) || isHeldByLarger(reference)) return [];
    if (isHeldByPartitions(child.table, reference, audited)) return [];
    const isTenantColumn = parent.isTenant && child.isScoped && columns.join() === child.tenantColumn?.name;
    if (isTenantColumn) return [];
    const other = child.table.foreignKeys.find((candidate) => isSameSet(candidate.columns, columns));
    return [other ? wrongTarget(audited, reference, other) : missing(audited, reference, "")];
  });
}

/** A composite constraint, `(clientId, tenantId)` to `(id, tenantId)`, holds `clientId` to `id` too. */
export function isHeldByLarger({ child, ...shape }: ForeignKeyShape): boolean {
  return child.table.foreignKeys.some((constraint) => holds(child.table, constraint, shape));
}

/** Each partition has a constraint of its own: rows of today are held, and the table has none to show. */
function isHeldByPartitions(
  table: CatalogTable,
  shape: Omit<ForeignKeyShape, "child">,
  audited: Audited,
): boolean {
  const parts = partsOf(table, audited);
  const isHeld = (part: CatalogTable) =>
    part.foreignKeys.some((constraint) => isProof(constraint) && holds(part, constraint, shape)) ||
    isHeldByPartitions(part, shape, audited);
  return parts.length > 0 && parts.every(isHeld);
}

function holds(
  table: CatalogTable,
  constraint: CatalogForeignKey,
  { parent, columns, parentColumns }: Omit<ForeignKeyShape, "child">,
): boolean {
  const isSamePair = (column: string, index: number) =>
    constraint.targetColumns[constraint.columns.indexOf(column)] === parentColumns[index];
  return (
    constraint.targetId === parent.table.id &&
    columns.every(isSamePair) &&
    holdsAlways(table, constraint, columns)
  );
}

export function isBaseTable({ table }: AuditedTable): boolean {
  return table.kind === "table" || table.kind === "partitioned";
}

function missing(audited: Audited, expected: ForeignKeyShape, why: string): FindingDraft {
  const { child, columns, parent, parentColumns, declared } = expected;
  return {
    rule: "db/missing-foreign-key",
    subject: {
      ...tableSubject(child, columns[0]),
      column: columns.join(", "),
      references: target(parent, parentColumns),
    },
    message: `${child.table.schema}.${child.table.name}.${columns.join(", ")} has no foreign key to ${target(parent, parentColumns)}: nothing keeps its rows from losing their ${parent.isTenant ? "tenant" : "parent"}${why}`,
    ...addForeignKey(audited, expected),
    evidence: { declaredInSchema: declared !== undefined },
  };
}

function wrongTarget(audited: Audited, expected: ForeignKeyShape, actual: CatalogForeignKey): FindingDraft {
  const { child, columns, parent, parentColumns } = expected;
  const found = `${actual.targetSchema}.${actual.targetTable}.${actual.targetColumns.join(", ")}`;
  return {
    rule: "db/wrong-foreign-key-target",
    subject: {
      ...tableSubject(child, columns[0]),
      column: columns.join(", "),
      constraint: actual.name,
      references: found,
    },
    message: `${actual.name} ties ${child.table.schema}.${child.table.name}.${columns.join(", ")} to ${found}, not to ${target(parent, parentColumns)}`,
    ...replaceForeignKey(audited, expected, actual.name),
    evidence: { expected: target(parent, parentColumns) },
  };
}

function target({ table }: AuditedTable, columns: readonly string[]): string {
  return `${table.schema}.${table.name}.${columns.join(", ")}`;
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((column) => right.includes(column));
}
