import { sample } from "openapi-sampler";
import { isObject, type Json } from "../json.js";
import type { ApiDocument } from "./document.js";
import type { Operation } from "./operations.js";

/** What goes into a body in place of an example's values. */
export interface Filling {
  readonly canary: string;
  /** Fields that name the tenant, and its id. */
  readonly tenantFields: readonly string[];
  readonly tenantId: string;
  /**
   * The id of an object that a field points at, by the field's name; undefined where it points at none, null
   * where nobody knows at which: then the field is left out if it may be.
   */
  readonly reference: (field: string) => string | undefined | null;
}

export interface FilledBody {
  readonly body: Json;
  /** Top-level fields that hold the canary. */
  readonly marked: readonly string[];
}

/** A number, a date or an amount in a text: what means something, a canary would break. */
const meaningful = /^-?\d+([.,]\d+)?$|^\d{4}-\d\d-\d\d|^\d{2}:\d{2}/;

/**
 * A body for an operation: its example, or one made from its schema, with a canary in every free text, ids of
 * the caller's own objects in every reference, and fresh digits where a pattern allows nothing else.
 */
export function fillBody(
  document: ApiDocument,
  { body }: Operation,
  filling: Filling,
): FilledBody | undefined {
  if (!body) return undefined;
  const example = body.example ?? sampled(document, body.schema);
  if (!isObject(example)) return undefined;
  const marked: string[] = [];
  const filled = fillObject(document, example, body.schema, filling, (field) => marked.push(field));
  return { body: filled, marked };
}

function sampled(document: ApiDocument, schema: Json): unknown {
  return sample(schema as never, { skipReadOnly: true, quiet: true }, document.root as never);
}

function fillObject(
  document: ApiDocument,
  value: Json,
  schema: Json,
  filling: Filling,
  mark: (field: string) => void,
): Json {
  const properties = propertiesOf(document, schema);
  const required = requiredOf(document, schema);
  const kept = Object.entries(value).filter(
    ([field]) => required.includes(field) || filling.reference(field) !== null,
  );
  return Object.fromEntries(
    kept.map(([field, each]) => [
      field,
      fillValue(document, field, each, document.resolve(properties[field]), filling, () => mark(field)),
    ]),
  );
}

function fillValue(
  document: ApiDocument,
  field: string,
  value: unknown,
  schema: Json,
  filling: Filling,
  mark: () => void,
): unknown {
  if (filling.tenantFields.includes(field)) return filling.tenantId;
  if (Array.isArray(value)) {
    const reference = value.every((each) => typeof each !== "object") ? filling.reference(field) : undefined;
    if (typeof reference === "string") return [reference];
    const items = document.resolve(schema.items);
    return value.map((each) => fillValue(document, field, each, items, filling, mark));
  }
  if (isObject(value)) return fillObject(document, value, schema, filling, mark);
  const reference = filling.reference(field);
  if (typeof reference === "string") return typeof value === "number" ? Number(reference) : reference;
  return typeof value === "string" ? fillText(value, schema, filling.canary, mark) : value;
}

function fillText(value: string, schema: Json, canary: string, mark: () => void): string {
  const {
    format,
    enum: options,
    pattern,
    maxLength,
  } = schema as {
    format?: string;
    enum?: unknown[];
    pattern?: string;
    maxLength?: number;
  };
  if (options || "const" in schema) return value;
  if (format === "email" || /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value)) return `${canary}@example.com`;
  if (format || meaningful.test(value)) return value;
  const text = maxLength === undefined ? canary : canary.slice(0, maxLength);
  if (pattern && !matches(pattern, text)) return freshDigits(value, pattern);
  if (text.length === canary.length) mark();
  return text;
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return false;
  }
}

/** `A-90001` to `A-48213`: another value of the same pattern, so that a unique key does not refuse it. */
function freshDigits(value: string, pattern: string): string {
  const other = value.replace(/\d/g, () => String(Math.floor(Math.random() * 10)));
  return matches(pattern, other) ? other : value;
}

function requiredOf(document: ApiDocument, schema: Json): unknown[] {
  return partsOf(document, schema).flatMap(({ required }) => (Array.isArray(required) ? required : []));
}

/** Properties of a schema and of the schemas that it is made of. */
function propertiesOf(document: ApiDocument, schema: Json): Json {
  return Object.assign(
    {},
    ...partsOf(document, schema).map(({ properties }) => document.resolve(properties ?? {})),
  );
}

function partsOf(document: ApiDocument, schema: Json): Json[] {
  const combined = [schema.allOf, schema.oneOf, schema.anyOf].flatMap((each) =>
    Array.isArray(each) ? each : [],
  );
  return [schema, ...combined.map((part) => document.resolve(part))];
}
