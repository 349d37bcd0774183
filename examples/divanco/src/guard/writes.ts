import { asList, type Call, type Fields, type Step } from "./call.js";
import { ForeignTenantError, UnguardedQueryError } from "./errors.js";
import { withScope } from "./reads.js";
import { referencesIn } from "./references.js";
import { isColumn, nestedModel } from "./schema.js";
import { ownColumns } from "./scope.js";

/** New rows get the tenant of the call, and are refused if they name another one. */
export const stamp =
  (key: "data" | "create"): Step =>
  (args, call) => ({ ...args, [key]: stampRows(args[key], call) });

/** Changed rows can't be given away. */
export const change =
  (key: "data" | "update"): Step =>
  (args, call) => ({ ...args, [key]: writable((args[key] ?? {}) as Fields, call) });

function stampRows(rows: unknown, call: Call): Fields | Fields[] {
  const stampRow = (row: Fields) => ({ ...writable(row, call), ...ownColumns(call.model, call.context) });
  return Array.isArray(rows) ? rows.map(stampRow) : stampRow(rows as Fields);
}

function writable(row: Fields, call: Call): Fields {
  refuseForeign(row, call);
  const result: Fields = {};
  for (const [field, value] of Object.entries(row)) {
    if (isColumn(call.model, field)) {
      call.references.push(...referencesIn(field, value));
      result[field] = value;
    } else if (value !== undefined) {
      result[field] = nestedWrite(field, value as Fields, call);
    }
  }
  return result;
}

function refuseForeign(row: Fields, { model, context }: Call): void {
  for (const [column, own] of Object.entries(ownColumns(model, context))) {
    if (row[column] !== undefined && row[column] !== own) {
      throw new ForeignTenantError(`${model}.${column} is not yours to write`);
    }
  }
}

/** Writes through a relation: new children are stamped, and only own rows are connected. */
function nestedWrite(field: string, actions: Fields, call: Call): Fields {
  const nested = { ...call, model: nestedModel(call.model, field) };
  const entries = Object.entries(actions).map(([action, value]) => {
    const guarded = NESTED_ACTIONS[action]?.(value, nested);
    if (guarded === undefined)
      throw new UnguardedQueryError(`${call.model}.${field}.${action} can't be scoped`);
    return [action, guarded];
  });
  return Object.fromEntries(entries);
}

const connectOwn = (wheres: unknown, call: Call) => asList(wheres).map((where) => withScope(where, call));

/** An action that is not here is refused. */
const NESTED_ACTIONS: Record<string, (value: unknown, call: Call) => unknown> = {
  create: stampRows,
  createMany: (value, call) => ({ ...(value as Fields), data: stampRows((value as Fields).data, call) }),
  connect: connectOwn,
  disconnect: connectOwn,
  set: connectOwn,
};
