import type { RegisteredModel, Relation } from "../registry/index.js";
import { type AuditedTable, columnNamed } from "./audited-table.js";
import type { CatalogForeignKey } from "./catalog/types.js";

/** One table points at another: by a relation of the schema, a constraint of the database, or both. */
export interface Reference {
  readonly child: AuditedTable;
  readonly columns: readonly string[];
  readonly parent: AuditedTable;
  readonly parentColumns: readonly string[];
  /** The relation that declares it; undefined where only the database knows it. */
  readonly declared: Relation | "implicit" | undefined;
  /** The constraint that enforces it; undefined where the database has none. */
  readonly constraint: CatalogForeignKey | undefined;
}

/** Every reference between audited tables, declared ones first, each once. */
export function buildReferences(tables: readonly AuditedTable[]): Reference[] {
  const references = new Map<string, Reference>();
  const byModel = new Map(
    tables.flatMap((audited) =>
      audited.registered ? [[audited.registered.model.name, audited] as const] : [],
    ),
  );
  for (const child of tables) {
    for (const reference of declaredBy(child, byModel)) references.set(keyOf(reference), reference);
  }
  const byId = new Map(tables.map((audited) => [audited.table.id, audited]));
  for (const child of tables) {
    for (const constraint of child.table.foreignKeys) {
      const parent = byId.get(constraint.targetId);
      if (!parent) continue;
      const found: Reference = {
        child,
        columns: constraint.columns,
        parent,
        parentColumns: constraint.targetColumns,
        declared: undefined,
        constraint,
      };
      const known = references.get(keyOf(found));
      references.set(
        keyOf(found),
        known ? { ...known, constraint: surest(known.constraint, constraint) } : found,
      );
    }
  }
  return [...references.values()];
}

/** True where the constraint is enforced and every old row of its table was checked. */
export function isSound(constraint: CatalogForeignKey): boolean {
  return constraint.isValidated && constraint.isDeclaredEnforced && !constraint.hasDisabledTriggers;
}

/** True where the constraint leaves no doubt of any row that a query of its table reads. */
export function isProof(constraint: CatalogForeignKey | undefined): boolean {
  return constraint !== undefined && isSound(constraint) && !constraint.leavesOutHeirs;
}

function surest(known: CatalogForeignKey | undefined, other: CatalogForeignKey): CatalogForeignKey {
  return known && isProof(known) ? known : other;
}

function declaredBy(child: AuditedTable, byModel: ReadonlyMap<string, AuditedTable>): Reference[] {
  if (child.joinTable) {
    const { a, b } = child.joinTable;
    return [implicit(child, "A", byModel.get(a)), implicit(child, "B", byModel.get(b))].flatMap(
      (side) => side ?? [],
    );
  }
  const { registered } = child;
  if (!registered) return [];
  return registered.model.relations.flatMap((relation) => {
    const parent = byModel.get(relation.target);
    const columns = parent && columnsOf(registered, relation.fields, child);
    const parentColumns = parent && columnsOf(parent.registered!, relation.references, parent);
    if (!parent || !columns || !parentColumns) return [];
    return [{ child, columns, parent, parentColumns, declared: relation, constraint: undefined }];
  });
}

function implicit(
  child: AuditedTable,
  column: "A" | "B",
  parent: AuditedTable | undefined,
): Reference | undefined {
  const id = parent?.registered?.model.keys.find(
    (key) => key.kind === "id" && key.fields.length === 1,
  )?.fields;
  const parentColumns = id && columnsOf(parent!.registered!, id, parent!);
  if (!parent || !parentColumns || !columnNamed(child.table, column)) return undefined;
  return { child, columns: [column], parent, parentColumns, declared: "implicit", constraint: undefined };
}

/** Columns of some fields, or undefined where the database lacks one of them. */
function columnsOf(
  { model }: RegisteredModel,
  fields: readonly string[],
  { table }: AuditedTable,
): string[] | undefined {
  const columns = fields.map((name) => {
    const field = model.fields.find((candidate) => candidate.name === name);
    return field && columnNamed(table, field.column)?.name;
  });
  return columns.every((column) => column !== undefined) ? (columns as string[]) : undefined;
}

/** Order of columns aside, the same pair of tables by the same pairs of columns is the same reference. */
function keyOf({ child, columns, parent, parentColumns }: Reference): string {
  const pairs = columns.map((column, index) => [column, parentColumns[index]]).sort();
  return JSON.stringify([child.table.id, parent.table.id, pairs]);
}
