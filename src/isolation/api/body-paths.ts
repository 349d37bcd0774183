import { isObject, type Json } from "../json.js";

/** A value of a body, and where it stands: `name`, or `data.attributes.name`. */
export type Placed = readonly [path: string, value: unknown];

/** The values of a body, those of objects in it too; a list is one value. */
export function valuesIn(body: Json, prefix = ""): Placed[] {
  return Object.entries(body).flatMap(([key, value]): Placed[] =>
    isObject(value) ? valuesIn(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value]],
  );
}

/** The body with other values in such places; objects on the way are made where they are not there. */
export function withValues(body: Json, values: Readonly<Record<string, unknown>>): Json {
  return Object.entries(values).reduce((whole, [path, value]) => placed(whole, path.split("."), value), body);
}

/** The place of a field beside another one: `data.attributes.tenantId` beside `data.attributes.name`. */
export function beside(path: string | undefined, field: string): string {
  return path?.includes(".") ? `${path.slice(0, path.lastIndexOf("."))}.${field}` : field;
}

/** The name of the field at a place. */
export function fieldAt(path: string): string {
  return path.split(".").at(-1)!;
}

function placed(body: Json, [key, ...rest]: string[], value: unknown): Json {
  const inner = body[key!];
  return { ...body, [key!]: rest.length === 0 ? value : placed(isObject(inner) ? inner : {}, rest, value) };
}
