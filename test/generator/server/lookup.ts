import type { LeakRule, Resource } from "../description.js";
import type { OperationKind } from "../operations.js";
import { deny, refuse } from "./refusals.js";
import { type Answer, type Call, hasId, leaks, type ServerState, tableOf } from "./state.js";
import { isInScope, newestValues, type Row, type Scope, seenValues } from "./store.js";

type Refusal = { readonly refusal: Answer };
/** Reads look at a copy that may be behind, writes at the newest. */
type Copy = "seen" | "present";

const openLookups: readonly (readonly [OperationKind, LeakRule, string])[] = [
  ["read", "isolation/read-by-id", "by id alone"],
  ["history", "isolation/read-by-id", "history by id alone"],
  ["update", "isolation/update", "by id alone"],
  ["update", "isolation/update", "writes, then refuses"],
  ["action", "isolation/update", "action by id alone"],
  ["delete", "isolation/delete", "by id alone"],
  ["delete", "isolation/delete", "soft, by id alone"],
  ["delete", "isolation/delete", "deletes, then refuses"],
  ["download-link", "isolation/export", "link by id alone"],
  ["read", "isolation/child-through-parent", "read"],
  ["update", "isolation/child-through-parent", "update"],
  ["delete", "isolation/child-through-parent", "delete"],
  ["read", "isolation/read-by-id", "through the owner's own parent"],
];

function valuesOf(row: Row, copy: Copy) {
  return copy === "seen" ? seenValues(row) : newestValues(row);
}

/** The object that a path's ids name, if the caller may have it. */
export function findOne(
  state: ServerState,
  call: Call,
  scope: Scope,
  copy: Copy,
): { readonly row: Row } | Refusal {
  const { kind } = call.operation;
  const resource = call.operation.resource!;
  const parent = parentOf(state, call, scope, copy);
  if ("refusal" in parent) return parent;
  const id = call.parameters[resource.idParameter]!;
  const rows = tableOf(state, resource.singular)
    [copy]()
    .filter((row) => hasId(row, id));
  const isOpen = openLookups.some(
    ([openKind, rule, variant]) => openKind === kind && leaks(state, rule, variant, resource),
  );
  const isThroughParent = leaks(state, "isolation/child-through-parent", kind, resource);
  const isChild = (row: Row) => !resource.parent || row.parent === parent.row;
  const row =
    rows.find((each) => isInScope(each, scope) && isChild(each)) ??
    (isOpen ? rows.find((each) => isThroughParent || isChild(each)) : undefined);
  if (row && valuesOf(row, copy)) return { row };
  return { refusal: refuseForeign(state, resource, kind, id, rows[0]) };
}

/** The parent in the path, if there is one and the caller may have it. */
export function parentOf(
  state: ServerState,
  call: Call,
  scope: Scope,
  copy: Copy,
): { readonly row: Row | undefined; readonly isForeign: boolean } | Refusal {
  const resource = call.operation.resource!;
  const { kind } = call.operation;
  if (!resource.parent) return { row: undefined, isForeign: false };
  const { singular } = resource.parent;
  const id = call.parameters[`${singular}Id`]!;
  const rows = tableOf(state, singular)
    [copy]()
    .filter((row) => hasId(row, id) && valuesOf(row, copy)?.deletedAt === undefined);
  const own = rows.find((row) => isInScope(row, scope));
  if (own) return { row: own, isForeign: false };
  const isOpen =
    (kind === "list" &&
      leaks(state, "isolation/child-through-parent", "children of another tenant's parent", resource)) ||
    (kind === "read" && leaks(state, "isolation/read-by-id", "through the owner's own parent", resource)) ||
    (kind === "create" &&
      leaks(state, "isolation/create-into-tenant", "below another tenant's parent", resource));
  return rows[0] && isOpen ? { row: rows[0], isForeign: true } : { refusal: deny(state, singular, id) };
}

/** The refusal of what is not there, or is another's; where a leak tells the two apart, it is here. */
function refuseForeign(
  state: ServerState,
  resource: Resource,
  kind: OperationKind,
  id: string,
  foreign: Row | undefined,
): Answer {
  const denial = deny(state, resource.singular, id);
  if (!foreign) return denial;
  const values = newestValues(foreign);
  const isOn = (rule: LeakRule, variant: string) => leaks(state, rule, variant, resource);
  const { status } = state.api.denial;
  if (
    (kind === "read" && isOn("isolation/existence-oracle", "403 against 404")) ||
    (kind === "update" && isOn("isolation/existence-oracle", "403 against 404 on update"))
  )
    return { ...refuse(state, 403, `No access to this ${resource.singular}`), status: 403 };
  if (kind === "read" && isOn("isolation/existence-oracle", "another body"))
    return refuse(state, status, "You are not a member of its team", { reason: "membership" });
  const isRead = kind === "read";
  const isChange = kind === "update" || kind === "delete";
  if (
    (isRead && isOn("isolation/error-text", "refusal names the object")) ||
    (isChange && isOn("isolation/error-text", "refused change names the object"))
  )
    return refuse(state, status, `"${values?.[resource.title]}" belongs to another organization`);
  if (isRead && isOn("isolation/error-text", "refusal names the owner"))
    return refuse(state, status, `This ${resource.singular} belongs to ${foreign.tenant}`);
  return denial;
}
