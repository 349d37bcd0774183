import { Prisma } from "../generated/prisma/client.js";
import type { Fields } from "./call.js";
import { UnguardedQueryError } from "./errors.js";
import { NESTED_RELATIONS } from "./relations.js";

/** Whether a field is a column of its model; if not, it is a relation. */
export function isColumn(model: string, field: string): boolean {
  const columnsOf = Prisma as unknown as Record<string, Fields>;
  return field in (columnsOf[`${model}ScalarFieldEnum`] ?? {});
}

/** For filters and sorting: columns, and compound unique keys such as `tenantId_code`. */
export function requireColumn(model: string, field: string): void {
  if (field.split("_").every((part) => isColumn(model, part))) return;
  throw new UnguardedQueryError(`${model}.${field} can't be scoped: filter and sort by columns`);
}

/** The model behind a relation that may be used inside an operation on another model. */
export function nestedModel(model: string, field: string): string {
  const target = NESTED_RELATIONS[model]?.[field];
  if (!target) throw new UnguardedQueryError(`${model}.${field} can't be scoped: query it on its own`);
  return target;
}
