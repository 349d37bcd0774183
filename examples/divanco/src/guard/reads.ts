import { asList, type Call, type Fields, type Step } from "./call.js";
import { UnguardedQueryError } from "./errors.js";
import { isColumn, nestedModel, requireColumn } from "./schema.js";
import { scopeOf } from "./scope.js";

/** ANDs the scope to the filter: beside OR, NOT and a unique selector, so that none of them can undo it. */
export const filter: Step = (args, call) => {
  const where = (args.where ?? {}) as Fields;
  requireColumns(where, call);
  return { ...args, where: withScope(where, call) };
};

export function withScope(where: Fields, { model, context }: Call): Fields {
  return { ...where, AND: [scopeOf(model, context), ...asList(where.AND)] };
}

function requireColumns(where: Fields, call: Call): void {
  for (const [field, value] of Object.entries(where)) {
    if (["AND", "OR", "NOT"].includes(field)) for (const part of asList(value)) requireColumns(part, call);
    else requireColumn(call.model, field);
  }
}

/** Sorting by a relation reads it. `_count`, `_sum` and so on sort the groups of a groupBy. */
const sortByColumns: Step = (args, call) => {
  const fields = asList(args.orderBy).flatMap((order) => Object.keys(order));
  for (const field of fields) if (!field.startsWith("_")) requireColumn(call.model, field);
  return args;
};

/** Prisma looks a cursor's row up without the filter: a foreign cursor would tell where its row sorts. */
const withoutCursor: Step = (args, call) => {
  if (args.cursor) throw new UnguardedQueryError(`${call.model}: page with skip and take, not with a cursor`);
  return args;
};

/** Scopes the relations that are read along with a row. */
export const project: Step = (args, call) => {
  const scoped = { ...args };
  for (const key of ["include", "select"]) {
    if (args[key]) scoped[key] = projection(args[key] as Fields, call);
  }
  return scoped;
};

function projection(selection: Fields, call: Call): Fields {
  return mapFields(selection, (field, value) => {
    if (!value || field === "_all" || isColumn(call.model, field)) return value;
    if (field === "_count") return relationCounts(value, call);
    return nestedRead(field, value, call);
  });
}

function relationCounts(value: unknown, call: Call): Fields {
  if (value === true) throw new UnguardedQueryError(`${call.model}: name the relations to _count`);
  const { select = {} } = value as { select?: Fields };
  return { select: mapFields(select, (field, nested) => nested && nestedRead(field, nested, call)) };
}

function nestedRead(field: string, value: unknown, call: Call): Fields {
  const args = value === true ? {} : (value as Fields);
  return read(args, { ...call, model: nestedModel(call.model, field) });
}

/** All that a reading operation needs, at the top as well as inside another one. */
export const read: Step = (args, call) =>
  [filter, sortByColumns, withoutCursor, project].reduce((scoped, step) => step(scoped, call), args);

const mapFields = (fields: Fields, map: (field: string, value: unknown) => unknown): Fields =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, map(field, value)]));
