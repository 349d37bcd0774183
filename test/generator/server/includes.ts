import type { GeneratedApi, Resource } from "../description.js";
import { present } from "./present.js";
import { hasId, leaks, type ServerState, tableOf } from "./state.js";
import { isInScope, type Row, type Scope, seenValues } from "./store.js";

/** What `?include=` may name on one resource. */
export function includesOf(api: GeneratedApi, resource: Resource): string[] {
  if (!resource.includes) return [];
  const targets = resource.fields.flatMap(({ kind, target }) => (kind === "reference" ? [target!] : []));
  const children = childrenOf(api, resource).map(({ plural }) => plural);
  const category = resource.hasCategory && api.catalogue ? ["category", `category.${resource.plural}`] : [];
  return [...targets, ...children, ...category, ...(relatedField(resource) ? ["related"] : [])];
}

function childrenOf({ resources }: GeneratedApi, resource: Resource): Resource[] {
  return resources.filter(({ parent }) => parent === resource);
}

function relatedField({ fields }: Resource) {
  return fields.find(({ kind }) => kind === "enum");
}

/** The objects that a query wants to see with a row, by the names it gave. */
export function includedWith(
  state: ServerState,
  resource: Resource,
  row: Row,
  wanted: string,
  scope: Scope,
): Record<string, unknown> {
  const known = includesOf(state.api, resource);
  const names = wanted.split(",").filter((name) => known.includes(name));
  return Object.assign({}, ...names.map((name) => included(state, resource, row, name, scope)));
}

function included(state: ServerState, resource: Resource, row: Row, name: string, scope: Scope): object {
  const { api } = state;
  const values = seenValues(row)!;
  const isOpen = (variant: string) => leaks(state, "isolation/nested-include", variant, resource);
  const rowsOf = (of: Resource, isUnscoped: boolean, chosen: (each: Row) => boolean) =>
    tableOf(state, of.singular)
      .seen()
      .filter((each) => seenValues(each)?.deletedAt === undefined)
      .filter((each) => (isUnscoped || isInScope(each, scope)) && chosen(each))
      .map((each) => present(api, of, each, seenValues(each)!));
  const child = childrenOf(api, resource).find(({ plural }) => plural === name);
  if (child) {
    const isByNumber = isOpen("children by a number that both tenants have");
    const isChild = (each: Row) => each.parent === row || (isByNumber && hasId(each.parent!, row.id));
    return { [name]: rowsOf(child, isByNumber, isChild) };
  }
  if (name === "related") {
    const field = relatedField(resource)!.name;
    const isRelated = (each: Row) => each !== row && seenValues(each)?.[field] === values[field];
    return { related: rowsOf(resource, isOpen("related by a value"), isRelated) };
  }
  if (name === "category" || name.startsWith("category.")) {
    const category = { id: values.categoryId, name: `${api.catalogue!.singular} ${values.categoryId}` };
    if (name === "category") return { category };
    const isAlike = (each: Row) => seenValues(each)?.categoryId === values.categoryId;
    const alike = rowsOf(resource, isOpen("everything of a shared category"), isAlike);
    return { category: { ...category, [resource.plural]: alike } };
  }
  const target = api.resources.find(({ singular }) => singular === name)!;
  const id = values[`${name}Id`];
  return { [name]: rowsOf(target, false, (each) => hasId(each, id))[0] ?? null };
}
