import type { FindingDraft } from "../../findings/finding.js";
import type { Audited } from "../audited.js";
import { type AuditedTable, tableSubject } from "../audited-table.js";
import type { CatalogForeignKey } from "../catalog/types.js";
import type { Reference } from "../references.js";
import { addForeignKey } from "../remedies.js";
import { tenantSources } from "../tenant-source.js";
import { tieToTenant } from "./tenant-key.js";

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
    const isDeclared = audited.references.some(
      ({ child: other, parent, columns, declared }) =>
        other === child && parent === tenants && columns.join() === column && declared !== undefined,
    );
    const expected = { columns: [column], parent: tenants, parentColumns: [tenantKey.name] };
    if (tie.kind === "elsewhere") return [wrongTarget(child, expected, tie.by, isDeclared)];
    const why =
      tie.kind === "partly" ? `; ${tie.by.name} holds it only where no other column of that key is null` : "";
    return [missing(child, expected, isDeclared, why)];
  });
}

function declaredRelations(audited: Audited): FindingDraft[] {
  const sources = tenantSources(audited);
  const belongs = (table: AuditedTable) => table.isTenant || sources.has(table.table.id);
  return audited.references.flatMap((reference) => {
    const { child, parent, declared, constraint, columns } = reference;
    if (constraint || !declared || !belongs(child) || !belongs(parent)) return [];
    if (!isBaseTable(child) || !isBaseTable(parent)) return [];
    const isTenantColumn = parent.isTenant && child.isScoped && columns.join() === child.tenantColumn?.name;
    if (isTenantColumn) return [];
    const other = child.table.foreignKeys.find((candidate) => isSameSet(candidate.columns, columns));
    return [other ? wrongTarget(child, reference, other, true) : missing(child, reference, true, "")];
  });
}

export function isBaseTable({ table }: AuditedTable): boolean {
  return table.kind === "table" || table.kind === "partitioned";
}

type Expected = Pick<Reference, "columns" | "parent" | "parentColumns">;

function missing(child: AuditedTable, expected: Expected, isDeclared: boolean, why: string): FindingDraft {
  const { columns, parent, parentColumns } = expected;
  return {
    rule: "db/missing-foreign-key",
    subject: {
      ...tableSubject(child),
      column: columns.join(", "),
      references: target(parent, parentColumns),
    },
    message: `${child.table.schema}.${child.table.name}.${columns.join(", ")} has no foreign key to ${target(parent, parentColumns)}: nothing keeps its rows from losing their ${parent.isTenant ? "tenant" : "parent"}${why}`,
    ...addForeignKey(child, columns, parent, parentColumns, isDeclared),
    evidence: { declaredInSchema: isDeclared },
  };
}

function wrongTarget(
  child: AuditedTable,
  expected: Expected,
  actual: CatalogForeignKey,
  isDeclared: boolean,
): FindingDraft {
  const { columns, parent, parentColumns } = expected;
  const found = `${actual.targetSchema}.${actual.targetTable}.${actual.targetColumns.join(", ")}`;
  const { remedySteps } = addForeignKey(child, columns, parent, parentColumns, isDeclared);
  return {
    rule: "db/wrong-foreign-key-target",
    subject: {
      ...tableSubject(child),
      column: columns.join(", "),
      constraint: actual.name,
      references: found,
    },
    message: `${actual.name} ties ${child.table.schema}.${child.table.name}.${columns.join(", ")} to ${found}, not to ${target(parent, parentColumns)}`,
    remedy: "Add the right constraint, first NOT VALID, then VALIDATE; drop the wrong one when it holds.",
    remedySteps: [
      ...remedySteps.map((step) => step.replaceAll(`"${actual.name}"`, `"${actual.name}_tenant"`)),
    ],
    evidence: { expected: target(parent, parentColumns) },
  };
}

function target({ table }: AuditedTable, columns: readonly string[]): string {
  return `${table.schema}.${table.name}.${columns.join(", ")}`;
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((column) => right.includes(column));
}
