import type { Field, GeneratedApi, Resource } from "../description.js";
import { spell } from "../fields.js";
import { capitalised } from "../words.js";
import { hasId, leaks, type ServerState, tableOf } from "./state.js";
import { isInScope, type Row, type Scope, seenValues } from "./store.js";

/** A query parameter that narrows a list. */
export interface Filter {
  readonly parameter: string;
  /** The field of the resource itself, or the reference whose target's title is compared. */
  readonly field: Field;
  readonly target: Resource | undefined;
}

/** What a resource's list can be narrowed by, apart from the search. */
export function filtersOf(api: GeneratedApi, { filters, fields, title }: Resource): Filter[] {
  if (!filters) return [];
  return fields.flatMap((field) => {
    const target =
      field.kind === "reference"
        ? api.resources.find(({ singular }) => singular === field.target)
        : undefined;
    if (!target && field.kind !== "enum" && field.name !== title) return [];
    const plain = target ? target.singular + capitalised(target.title) : field.name;
    const dotted = target ? `${target.singular}.${spell(api, target.title)}` : spell(api, field.name);
    return [{ parameter: filters === "plain" ? spell(api, plain) : `filter[${dotted}]`, field, target }];
  });
}

export function matchesSearch({ title }: Resource, row: Row, query: URLSearchParams): boolean {
  const words = query.get("q");
  return words === null || words === "" || contains(seenValues(row)?.[title], words);
}

function contains(value: unknown, part: string): boolean {
  return String(value ?? "")
    .toLowerCase()
    .includes(part.toLowerCase());
}

/** Whether a row passes every filter of the query. Relations are looked up within the scope. */
export function matchesFilters(
  state: ServerState,
  resource: Resource,
  row: Row,
  query: URLSearchParams,
  scope: Scope,
): boolean {
  return filtersOf(state.api, resource).every(({ parameter, field, target }) => {
    const wanted = query.get(parameter);
    if (wanted === null || wanted === "") return true;
    const value = seenValues(row)?.[field.name];
    if (!target) return String(value ?? "") === wanted;
    const named = tableOf(state, target.singular)
      .seen()
      .filter((each) => contains(seenValues(each)?.[target.title], wanted));
    // EXISTS over the other table, without a condition that joins it to this row or tenant.
    if (leaks(state, "isolation/filter-oracle", "filter on a relation of any tenant", resource))
      return named.length > 0;
    return named.some((each) => isInScope(each, scope) && hasId(each, value));
  });
}

/** Rows by the query's `sort`; as they are without one. */
export function sorted({ api }: ServerState, resource: Resource, rows: Row[], query: URLSearchParams): Row[] {
  const said = query.get("sort");
  if (!resource.sorts || !said) return rows;
  const name = said.replace(/^-/, "");
  const field = resource.fields.find((each) => spell(api, each.name) === name);
  if (!field) return rows;
  const direction = said.startsWith("-") ? -1 : 1;
  const text = (row: Row) => String(seenValues(row)?.[field.name] ?? "");
  return rows.toSorted((left, right) => direction * text(left).localeCompare(text(right)));
}
