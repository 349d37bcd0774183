import type { Resource } from "../description.js";
import { spell } from "../fields.js";
import { filtersOf, matchesFilters, matchesSearch, sorted } from "./filters.js";
import { includedWith } from "./includes.js";
import { findOne, parentOf } from "./lookup.js";
import { pageOf, windowOf } from "./paging.js";
import { present, wrapList, wrapOne } from "./present.js";
import { deny, refuse } from "./refusals.js";
import { type Answer, type Call, leaks, type ServerState, tableOf } from "./state.js";
import { isInScope, type Row, type Scope, seenValues } from "./store.js";

export function list(state: ServerState, call: Call, scope: Scope): Answer {
  const { api, random } = state;
  const resource = call.operation.resource!;
  const { query } = call;
  const parent = parentOf(state, call, scope, "seen");
  if ("refusal" in parent) return parent.refusal;
  const live = tableOf(state, resource.singular)
    .seen()
    .filter(
      (row) => seenValues(row)?.deletedAt === undefined && (!resource.parent || row.parent === parent.row),
    );
  const found = live.filter(
    (row) =>
      (!resource.search || matchesSearch(resource, row, query)) &&
      matchesFilters(state, resource, row, query, scope),
  );
  const isAll = forgetsTenant(state, resource, call) || parent.isForeign;
  const own = isAll ? found : found.filter((row) => isInScope(row, scope));
  const isFirst = windowOf(api, query, own).start === 0;
  const isOpenLater = leaks(state, "isolation/list", "no tenant after the first page", resource);
  const rows = sorted(state, resource, !isFirst && isOpenLater ? found : own, query);
  const hasSearch = resource.search && Boolean(query.get("q"));
  if (
    hasSearch &&
    found.length === 0 &&
    leaks(state, "isolation/filter-oracle", "404 unless any tenant has it", resource)
  )
    return refuse(state, 404, "Nothing found");
  const window = windowOf(api, query, rows);
  const shown = rows.slice(window.start, window.start + window.length);
  const isShuffled = api.noise.randomOrder && api.pagination !== "starting-after" && !query.get("sort");
  const totalOver = leaks(state, "isolation/aggregate", "total of a list over all tenants", resource)
    ? found
    : hasSearch && leaks(state, "isolation/filter-oracle", "total of the search over all tenants", resource)
      ? found
      : rows;
  const page = pageOf(api, new URL(call.target, state.url).href, window, totalOver.length, rows.length);
  const objects = (isShuffled ? random.shuffled(shown) : shown).map((row) =>
    shownRow(state, resource, row, call, scope),
  );
  return { status: 200, ...wrapList(state, resource, objects, page) };
}

function shownRow(state: ServerState, resource: Resource, row: Row, { query }: Call, scope: Scope) {
  return {
    object: present(state.api, resource, row, seenValues(row)!),
    included: includedWith(state, resource, row, query.get("include") ?? "", scope),
  };
}

/** Whether this request of the list runs the query that has no tenant in it. */
function forgetsTenant(state: ServerState, resource: Resource, { query }: Call): boolean {
  const isOpen = (variant: string) => leaks(state, "isolation/list", variant, resource);
  const isFiltered = () =>
    filtersOf(state.api, resource).some(
      ({ parameter, field }) => field.kind === "enum" && query.get(parameter),
    );
  return (
    isOpen("no tenant in the query") ||
    (isOpen("no tenant in the search") && Boolean(query.get("q"))) ||
    (isOpen("no tenant where the list is sorted") && Boolean(query.get("sort"))) ||
    (isOpen("no tenant where a field is filtered by") && isFiltered())
  );
}

export function read(state: ServerState, call: Call, scope: Scope): Answer {
  const resource = call.operation.resource!;
  const found = findOne(state, call, scope, "seen");
  if ("refusal" in found) return found.refusal;
  const { object, included } = shownRow(state, resource, found.row, call, scope);
  return { status: 200, body: wrapOne(state, resource, object, included) };
}

export function history(state: ServerState, call: Call, scope: Scope): Answer {
  const resource = call.operation.resource!;
  const found = findOne(state, call, scope, "seen");
  if ("refusal" in found) return found.refusal;
  const entries = found.row.versions.flatMap(({ values }, number) =>
    values ? [{ change: number === 0 ? "created" : "changed", text: String(values[resource.title]) }] : [],
  );
  return { status: 200, body: { entries } };
}

/** By the unique key instead of the id. */
export function lookup(state: ServerState, call: Call, scope: Scope): Answer {
  const resource = call.operation.resource!;
  const unique = resource.uniqueField!;
  const value = call.parameters[spell(state.api, unique)]!;
  const isOpen = leaks(state, "isolation/read-by-id", "lookup by a key alone", resource);
  const row = tableOf(state, resource.singular)
    .seen()
    .find((each) => seenValues(each)?.[unique] === value && (isOpen || isInScope(each, scope)));
  if (!row) return deny(state, resource.singular, value);
  return { status: 200, body: wrapOne(state, resource, present(state.api, resource, row, seenValues(row)!)) };
}

/** Whether a key is still free. */
export function availability(state: ServerState, call: Call, scope: Scope): Answer {
  const resource = call.operation.resource!;
  const name = spell(state.api, resource.uniqueField!);
  const value = call.query.get(name);
  if (!value) return refuse(state, state.api.invalidStatus, `${name} is required`);
  const isOpen = leaks(state, "isolation/filter-oracle", "availability over all tenants", resource);
  const isTaken = tableOf(state, resource.singular)
    .seen()
    .some((row) => seenValues(row)?.[resource.uniqueField!] === value && (isOpen || isInScope(row, scope)));
  return { status: 200, body: { available: !isTaken } };
}
