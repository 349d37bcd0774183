import pluralize from "pluralize";
import { type Operation, parametersOf } from "./operations.js";

/** Things of one kind that an API lists, creates, reads, changes and deletes. */
export interface Resource {
  /** The last fixed part of its path: `assets`. */
  readonly name: string;
  readonly collection: string;
  /** Path of one object; undefined where the API has none. */
  readonly item: string | undefined;
  readonly list: Operation | undefined;
  readonly create: Operation | undefined;
  readonly read: Operation | undefined;
  /** PATCH and PUT, each where there is one. */
  readonly updates: readonly Operation[];
  readonly remove: Operation | undefined;
  /** Other operations on one object: `POST /assets/{id}/rent`, `GET /assets/{id}/history`. */
  readonly actions: readonly Operation[];
}

/**
 * Groups operations into resources: a path and the same path with one parameter more. What stands below an
 * object and is no resource of its own is an action of it.
 */
export function resourcesOf(operations: readonly Operation[]): Resource[] {
  // `/projects/` and `/projects/{id}/` mean the same as without their last slash.
  const byPath = new Map<string, Operation[]>();
  for (const operation of operations)
    byPath.set(bare(operation.path), [...(byPath.get(bare(operation.path)) ?? []), operation]);
  const paths = [...byPath.keys()];
  const itemOf = (collection: string) =>
    paths.find(
      (path) => path.startsWith(`${collection}/{`) && /^\/\{[^/}]+\}\/?$/.test(path.slice(collection.length)),
    );
  const collections = paths.filter((path) => {
    if (/\}\/?$/.test(path)) return false;
    const own = byPath.get(path)!;
    return itemOf(path) !== undefined || own.some(({ method }) => method === "GET");
  });
  const orphanItems = paths.filter((path) => /\}\/?$/.test(path) && !byPath.has(withoutLast(path)));
  return [...collections, ...orphanItems.map(withoutLast)].map((collection) => {
    const item = itemOf(collection);
    const at = (path: string | undefined, ...methods: string[]) =>
      methods.flatMap((method) => byPath.get(path ?? "")?.find((each) => each.method === method) ?? [])[0];
    return {
      name: nameOf(collection),
      collection: byPath.get(collection)?.[0]?.path ?? collection,
      item: item === undefined ? undefined : byPath.get(item)![0]!.path,
      list: at(collection, "GET"),
      create: at(collection, "POST"),
      read: at(item, "GET"),
      updates: ["PATCH", "PUT"].flatMap((method) => at(item, method) ?? []),
      remove: at(item, "DELETE"),
      actions:
        item === undefined ? [] : operations.filter(({ path }) => isActionOf(bare(path), item, collections)),
    };
  });
}

/** A path without the slash at its end. */
export function bare(path: string): string {
  return path.replace(/(.)\/$/, "$1");
}

/** Names that a field may call a resource by, lower case: `assets`, `asset`. */
export function aliasesOf({ name }: Pick<Resource, "name">): string[] {
  const plain = (text: string) => text.toLowerCase().replace(/[-_]/g, "");
  return [...new Set([plain(name), plain(pluralize.singular(name))])];
}

/** Whether a field's name says that it points at something: `clientId`, `tag_ids`. */
export function isReference(field: string): boolean {
  return /.[-_]?(ids?|uuids?)$/i.test(field) && !/(paid|valid|void|grid|avoid|uuid)$/i.test(field);
}

/** The resource that a field such as `clientId`, `client_ids` or `tagIds` points at. */
export function referredBy(field: string, resources: readonly Resource[]): Resource | undefined {
  const stem = /^(.+?)[-_]?(?:ids?|uuids?)$/i.exec(field)?.[1]?.toLowerCase().replace(/[-_]/g, "");
  if (!stem) return undefined;
  const named = resources.filter((resource) => aliasesOf(resource).includes(stem));
  return named.sort(
    (left, right) => parametersOf(left.collection).length - parametersOf(right.collection).length,
  )[0];
}

/** Below an object, and no resource of its own there. */
function isActionOf(path: string, item: string, collections: readonly string[]): boolean {
  const below = collections.filter((collection) => collection.startsWith(`${item}/`));
  return path.startsWith(`${item}/`) && !below.some((each) => path === each || path.startsWith(`${each}/{`));
}

function withoutLast(path: string): string {
  return path.replace(/\/\{[^/}]+\}\/?$/, "");
}

function nameOf(collection: string): string {
  const parts = collection.split("/").filter((part) => part !== "" && !part.startsWith("{"));
  return parts.at(-1) ?? collection;
}
