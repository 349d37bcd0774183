import type { RequestContext } from "../context/request-context.js";
import type { PrismaClient } from "../generated/prisma/client.js";
import type { Fields, Reference } from "./call.js";
import { ReferenceNotFoundError } from "./errors.js";
import { TENANT_REFERENCES } from "./relations.js";
import { scopeOf } from "./scope.js";

/** The reference that a column holds, if it is a foreign key to another row of the tenant. */
export function referencesIn(column: string, value: unknown): Reference[] {
  const model = TENANT_REFERENCES[column];
  const id = value instanceof Object && "set" in value ? value.set : value;
  return model && id !== null && id !== undefined ? [{ model, id }] : [];
}

/**
 * Makes sure that every foreign key points at a row of the same tenant: PostgreSQL only checks that the row
 * exists. It asks on a connection of its own, so that a row created earlier in the same interactive
 * transaction is not found. Write such rows nested, or use ids that exist before.
 */
export async function verifyReferences(base: PrismaClient, references: Reference[], context: RequestContext) {
  const idsByModel = new Map<string, Set<unknown>>();
  for (const { model, id } of references) {
    idsByModel.set(model, (idsByModel.get(model) ?? new Set()).add(id));
  }
  await Promise.all([...idsByModel].map(([model, ids]) => verifyIds(base, model, [...ids], context)));
}

async function verifyIds(base: PrismaClient, model: string, ids: unknown[], context: RequestContext) {
  const where = { ...scopeOf(model, context), id: { in: ids } };
  const found = await delegateOf(base, model).count({ where });
  if (found < ids.length) throw new ReferenceNotFoundError(`${model} not found`);
}

/** `prisma.asset` for "Asset". */
function delegateOf(base: PrismaClient, model: string) {
  const name = model.charAt(0).toLowerCase() + model.slice(1);
  return (base as unknown as Record<string, { count(args: Fields): Promise<number> }>)[name]!;
}
