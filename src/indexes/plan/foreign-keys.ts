import type { Audited, AuditedTable, Reference } from "../../database/index.js";
import { servesKey } from "../usage/foreign-keys.js";
import type { KnownIndex } from "../usage/types.js";
import { selectBy } from "./scopes.js";
import { type Candidate, columnsOf } from "./types.js";

/** Something that is not proposed, and why. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** So few deletes since the statistics began are no habit of the application's. */
const fewDeletes = 10;

/**
 * Foreign keys whose columns lead no index. Deletes of a parent look for its children by them alone, so they
 * have to lead. Where parents are hardly deleted, and the tenant's column before them answers what the guard
 * asks, nothing is proposed.
 *
 * @param deletes rows deleted per table id, as far as the statistics go
 * @param others what is proposed already
 */
export function foreignKeyCandidates(
  audited: Audited,
  indexes: readonly KnownIndex[],
  others: readonly Candidate[],
  deletes: ReadonlyMap<string, number>,
): { candidates: Candidate[]; leftOut: LeftOut[] } {
  const candidates: Candidate[] = [];
  const leftOut: LeftOut[] = [];
  for (const reference of audited.references) {
    const { child, columns } = reference;
    const name = nameOf(reference);
    if (!isPlainTable(child) || isLed(child, columns, indexes, others)) continue;
    const deleted = deletes.get(reference.parent.table.id) ?? 0;
    const tenant = child.isScoped ? child.tenantColumn?.name : undefined;
    const byTenant =
      tenant !== undefined &&
      !columns.includes(tenant) &&
      isLed(child, [tenant, ...columns], indexes, others);
    if (byTenant && deleted < fewDeletes) {
      leftOut.push({
        what: `an index that leads with ${columns.join(", ")} of ${child.table.schema}.${child.table.name}`,
        why: `(${[tenant, ...columns].join(", ")}) answers the tenants' queries, and only deletes of ${reference.parent.table.name} would need it: ${deleted} since the statistics began`,
      });
      continue;
    }
    candidates.push({
      owner: child,
      equal: columns,
      sorted: [],
      reasons: [{ kind: "foreign-key", constraint: name, text: reasonOf(reference, deleted) }],
      probes: [selectBy(child, columns)],
    });
  }
  return { candidates, leftOut };
}

function reasonOf({ parent, columns, constraint }: Reference, deleted: number): string {
  const { name } = parent.table;
  const led = columns.join(", ");
  if (!constraint) return `rows are looked up by the parent in ${name} that ${led} holds`;
  const often = deleted > 0 ? ` (deleted so far: ${deleted})` : "";
  return `deleting a row of ${name} looks for its rows by ${led} alone${often}`;
}

function nameOf({ constraint, declared, child }: Reference): string {
  if (constraint) return constraint.name;
  return declared && declared !== "implicit" ? declared.field : child.table.name;
}

/** Views and foreign tables have no indexes of ours; partitions stand under their parent. */
function isPlainTable({ table }: AuditedTable): boolean {
  return (table.kind === "table" || table.kind === "partitioned") && !table.isPartition;
}

function isLed(
  { table }: AuditedTable,
  columns: readonly string[],
  indexes: readonly KnownIndex[],
  others: readonly Candidate[],
): boolean {
  const isBuilt = indexes.some((index) => index.table.id === table.id && servesKey(index, columns));
  const isProposed = others.some((other) => {
    const leading = columnsOf(other).slice(0, columns.length);
    return (
      other.owner.table.id === table.id &&
      columns.every((name) => leading.some(({ column }) => column === name))
    );
  });
  return isBuilt || isProposed;
}
