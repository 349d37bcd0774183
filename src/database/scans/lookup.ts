import { holdsAlways } from "../readiness/tenant-key.js";
import { isProof, type Reference } from "../references.js";
import type { TenantSource } from "../tenant-source.js";

/** A composite key that null in another of its columns switches off proves nothing of the simple reference. */
function isProofOf({ child, constraint }: Reference, { columns }: Reference): boolean {
  return isProof(constraint) && holdsAlways(child.table, constraint!, columns);
}

/** Child column and parent column, pair by pair. */
export function pairsOf({ columns, parentColumns }: Reference): (readonly [string, string])[] {
  return columns.map((column, index) => [column, parentColumns[index]!] as const);
}

/**
 * A composite reference that repeats the tenant, `(tenantId, clientId)` to `(tenantId, id)`, is looked up by
 * the rest alone where that is unique: else a parent of another tenant would look like none at all.
 */
export function lookupPairs(
  reference: Reference,
  child: TenantSource,
  parent: TenantSource,
): (readonly [string, string])[] {
  const pairs = pairsOf(reference);
  if (child.hops.length > 0 || parent.hops.length > 0) return pairs;
  const rest = pairs.filter(([column, target]) => column !== child.column || target !== parent.column);
  const isUnique = reference.parent.table.indexes.some(
    (index) =>
      index.isUnique &&
      index.isValid &&
      index.predicate === null &&
      index.keyColumns.length === rest.length &&
      rest.every(([, target]) => index.keyColumns.includes(target)),
  );
  return rest.length > 0 && isUnique ? rest : pairs;
}

/**
 * References that ask the same question of the same rows, `clientId` to `id` and `(tenantId, clientId)` to
 * `(tenantId, id)`, as one: the declared one, with the surest constraint of them all.
 */
export function distinctReferences(
  references: readonly Reference[],
  sources: ReadonlyMap<string, TenantSource>,
): Reference[] {
  const distinct = new Map<string, Reference>();
  for (const reference of references) {
    const child = sources.get(reference.child.table.id);
    const parent = sources.get(reference.parent.table.id);
    const pairs = child && parent ? lookupPairs(reference, child, parent) : pairsOf(reference);
    const key = JSON.stringify([reference.child.table.id, reference.parent.table.id, [...pairs].sort()]);
    const known = distinct.get(key);
    if (!known) distinct.set(key, reference);
    else if (!isProof(known.constraint) && isProofOf(reference, known)) {
      distinct.set(key, { ...known, constraint: reference.constraint });
    }
  }
  return [...distinct.values()];
}
