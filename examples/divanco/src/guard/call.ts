import type { RequestContext } from "../context/request-context.js";

export type Fields = Record<string, unknown>;

/** A foreign key about to be written: the model it points at, and the id. */
export interface Reference {
  model: string;
  id: unknown;
}

/** One guarded call. Steps add to `references` the ids that must turn out to be the tenant's own. */
export interface Call {
  model: string;
  operation: string;
  context: RequestContext;
  references: Reference[];
}

/** Turns the arguments of a Prisma operation into arguments that stay within the tenant, or throws. */
export type Step = (args: Fields, call: Call) => Fields;

/** Prisma takes one object or a list of them in many places. */
export const asList = (value: unknown): Fields[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Fields];
