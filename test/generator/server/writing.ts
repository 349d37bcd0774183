import type { Resource } from "../description.js";
import { spell } from "../fields.js";
import { actions } from "../words.js";
import { announce } from "./events.js";
import { attributesOf, inputOf, invalid } from "./input.js";
import { findOne, parentOf } from "./lookup.js";
import { present, wrapOne } from "./present.js";
import { deny, refuse } from "./refusals.js";
import { type Answer, type Call, leaks, type ServerState, tableOf } from "./state.js";
import { everyTenant, isInScope, newestValues, type Row, type Scope, type Values } from "./store.js";

export function create(state: ServerState, call: Call, scope: Scope): Answer {
  const resource = call.operation.resource!;
  const parent = parentOf(state, call, scope, "present");
  if ("refusal" in parent) return parent.refusal;
  const input = inputOf(state, resource, call.body, scope);
  if ("refusal" in input) return input.refusal;
  const taken = conflictOf(state, resource, input.values, scope);
  if (taken && "refusal" in taken) return taken.refusal;
  const table = tableOf(state, resource.singular);
  if (taken) table.write(taken.row, input.values);
  const row =
    taken?.row ?? table.insert(ownerOf(state, resource, call, scope, parent.row), parent.row, input.values);
  announce(state, resource, row, "created");
  return answerOfCreation(state, call, row, input.values);
}

/** In which tenant a new row ends up. */
function ownerOf(
  state: ServerState,
  resource: Resource,
  call: Call,
  scope: Scope,
  parent: Row | undefined,
): Scope {
  const said = tenantInBody(state, resource, call, "tenant of the body");
  if (said !== undefined) return { tenant: said, unit: undefined };
  if (scope.stampedAs) return scope.stampedAs;
  return parent ? { tenant: parent.tenant, unit: parent.unit } : scope;
}

function tenantInBody(
  state: ServerState,
  resource: Resource,
  { body }: Call,
  variant: string,
): string | undefined {
  if (!leaks(state, "isolation/create-into-tenant", variant, resource)) return undefined;
  const said = attributesOf(state, body)?.[spell(state.api, state.api.tenancy.field)];
  return state.tenants.find(({ id }) => id === said)?.id;
}

/** The row that already has the unique value: of the same tenant, or of any where the index forgets it. */
function conflictOf(
  state: ServerState,
  resource: Resource,
  values: Values,
  scope: Scope,
): { readonly row: Row } | { readonly refusal: Answer } | undefined {
  const { uniqueField } = resource;
  if (!uniqueField) return undefined;
  const isOpen = (variant: string) => leaks(state, "isolation/unique-conflict", variant, resource);
  const isOverAll = state.api.leak?.rule === "isolation/unique-conflict" && isOpen(state.api.leak.variant);
  const row = tableOf(state, resource.singular)
    .present()
    .find(
      (each) =>
        newestValues(each)?.deletedAt === undefined &&
        newestValues(each)?.[uniqueField] === values[uniqueField] &&
        (isOverAll || each.tenant === scope.tenant || scope.tenant === everyTenant),
    );
  if (!row) return undefined;
  if (isOpen("upsert over all tenants")) return { row };
  const name = spell(state.api, uniqueField);
  return {
    refusal: isOpen("taken, says validation")
      ? invalid(state, `${name} has already been taken`)
      : refuse(state, 409, `${name} is in use`),
  };
}

function answerOfCreation(state: ServerState, call: Call, row: Row, values: Values): Answer {
  const resource = call.operation.resource!;
  const { status, answers } = resource.creation;
  const [path] = call.target.split("?") as [string];
  const slash = state.api.hasTrailingSlash ? "/" : "";
  const location = `${path.replace(/\/$/, "")}/${row.id}${slash}`;
  if (answers === "location") return { status, headers: { location } };
  const object = answers === "id" ? { id: row.id } : present(state.api, resource, row, values);
  return { status, headers: { location }, body: wrapOne(state, resource, object) };
}

export function update(state: ServerState, call: Call, scope: Scope): Answer {
  const resource = call.operation.resource!;
  const found = findOne(state, call, scope, "present");
  if ("refusal" in found) return found.refusal;
  const { row } = found;
  const input = inputOf(state, resource, call.body, scope, newestValues(row));
  if ("refusal" in input) return input.refusal;
  tableOf(state, resource.singular).write(row, input.values);
  const moved = tenantInBody(state, resource, call, "moved by an update");
  if (moved !== undefined) Object.assign(row, { tenant: moved, unit: undefined });
  announce(state, resource, row, "updated");
  if (!isInScope(row, scope) && leaks(state, "isolation/update", "writes, then refuses", resource))
    return deny(state, resource.singular, String(row.id));
  return { status: 200, body: wrapOne(state, resource, present(state.api, resource, row, input.values)) };
}

export function remove(state: ServerState, call: Call, scope: Scope): Answer {
  const resource = call.operation.resource!;
  const found = findOne(state, call, scope, "present");
  if ("refusal" in found) return found.refusal;
  removeRow(state, resource, found.row);
  if (!isInScope(found.row, scope) && leaks(state, "isolation/delete", "deletes, then refuses", resource))
    return deny(state, resource.singular, String(found.row.id));
  return { status: 204 };
}

function removeRow(state: ServerState, resource: Resource, row: Row): void {
  const values = newestValues(row)!;
  const isSoft = resource.deletion === "soft";
  announce(state, resource, row, "deleted");
  tableOf(state, resource.singular).write(
    row,
    isSoft ? { ...values, deletedAt: new Date().toISOString() } : undefined,
  );
}

/** `POST /invoices/{id}/close`. */
export function act(state: ServerState, call: Call, scope: Scope): Answer {
  const resource = call.operation.resource!;
  const found = findOne(state, call, scope, "present");
  if ("refusal" in found) return found.refusal;
  const values = { ...newestValues(found.row), status: actions[resource.action!] };
  tableOf(state, resource.singular).write(found.row, values);
  announce(state, resource, found.row, "updated");
  return { status: 200, body: wrapOne(state, resource, present(state.api, resource, found.row, values)) };
}

const bulkVariants = {
  update: "update by ids alone",
  delete: "delete by ids alone",
  get: "get by ids alone",
};
/** The longest list of ids that one request may have. */
const longestBulk = 100;

/** Several objects at once. What is another's is passed over, as what is not there. */
export function bulk(state: ServerState, call: Call, scope: Scope): Answer {
  const resource = call.operation.resource!;
  const kind = resource.bulk!;
  const { ids, changes } = (call.body ?? {}) as { ids?: unknown; changes?: Record<string, unknown> };
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > longestBulk)
    return invalid(state, `ids has to be a list of 1 to ${longestBulk}`);
  const named = ids.flatMap((id) => {
    const rows = tableOf(state, resource.singular)
      .present()
      .filter((row) => String(row.id) === String(id));
    return rows.find((row) => isInScope(row, scope)) ?? rows.slice(0, 1);
  });
  const isFirstOnly = leaks(state, "isolation/bulk", "checks the first id only", resource);
  const isOpen =
    leaks(state, "isolation/bulk", bulkVariants[kind], resource) ||
    (isFirstOnly && named[0] !== undefined && isInScope(named[0], scope));
  const rows = isOpen ? named : named.filter((row) => isInScope(row, scope));
  if (kind === "get")
    return {
      status: 200,
      body: { items: rows.map((row) => present(state.api, resource, row, newestValues(row)!)) },
    };
  if (kind === "delete") {
    for (const row of rows) removeRow(state, resource, row);
    return { status: 200, body: { deleted: rows.length } };
  }
  const title = changes?.[spell(state.api, resource.title)];
  if (typeof title !== "string" || title === "")
    return invalid(state, `changes has to hold ${resource.title}`);
  for (const row of rows)
    tableOf(state, resource.singular).write(row, { ...newestValues(row), [resource.title]: title });
  return { status: 200, body: { updated: rows.length } };
}
