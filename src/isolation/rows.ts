import { isObject, type Json } from "./json.js";
import { leavesOf } from "./leaves.js";

/** An object of a list. */
export interface Row {
  /** Undefined where nothing in it looks like an id. */
  readonly id: string | undefined;
  readonly value: Json;
}

const idKeys = ["id", "_id", "uuid", "guid", "Id", "ID"] as const;

/**
 * The rows of a list's answer: the array itself, or the largest array of objects in its envelope, at most three
 * levels down (`{ items }`, `{ data: { results } }`, HAL's `_embedded`, JSON:API's `data`).
 */
export function rowsOf(json: unknown): Row[] | undefined {
  const found = arraysOf(json, 0).sort((left, right) => right.length - left.length)[0];
  return found?.filter(isObject).map((value) => ({ id: idOf(value), value }));
}

/** An object's id: under the usual names, or the one key that ends in one. */
export function idOf(value: Json): string | undefined {
  for (const key of idKeys) {
    const id = value[key];
    if (typeof id === "string" && id !== "") return id;
    if (typeof id === "number") return String(id);
  }
  return undefined;
}

/** The object of an answer: itself, or the one in an envelope of one key (`{ data: {…} }`). */
export function objectOf(json: unknown): Json | undefined {
  if (!isObject(json)) return undefined;
  if (idOf(json) !== undefined) return json;
  const inner = Object.values(json).filter(isObject);
  return inner.find((value) => idOf(value) !== undefined) ?? json;
}

/** The outermost object with an id that holds a text in a value of its own. */
export function objectWith(json: unknown, text: string, depth = 0): Json | undefined {
  if (!isObject(json) || depth > 3) return undefined;
  const own = Object.values(json).some(
    (value) => typeof value === "string" && value.toLowerCase().includes(text),
  );
  if (own && idOf(json) !== undefined) return json;
  for (const value of Object.values(json)) {
    const found = objectWith(value, text, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** The same row whatever the order of its keys. */
export function identityOf({ value }: Row): string {
  return leavesOf(value)
    .map(({ path, value: leaf }) => `${path}=${leaf}`)
    .sort()
    .join("\n");
}

function arraysOf(value: unknown, depth: number): unknown[][] {
  if (Array.isArray(value)) {
    const isList = value.length === 0 || value.some(isObject);
    return isList ? [value] : [];
  }
  if (depth >= 3 || !isObject(value)) return [];
  return Object.values(value).flatMap((each) => arraysOf(each, depth + 1));
}
