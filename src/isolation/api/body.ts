import { randomInt } from "node:crypto";
import { sample } from "openapi-sampler";
import randexp from "randexp";
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
  /** Fields that stay as the example has them: the API takes nothing else there. */
  readonly kept?: ReadonlySet<string>;
}

export interface FilledBody {
  readonly body: Json;
  /** Places of texts that hold the canary: `name`, `data.attributes.name`. */
  readonly marked: readonly string[];
}

/** Its types speak of a default that Node does not see. */
const RandExp = randexp as unknown as typeof randexp.default;

const longestText = 200;
const mostRepetitions = 12;

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
  const example = exampleOf(document, body);
  if (!body || !isObject(example)) return undefined;
  const marked: string[] = [];
  const filled = fillObject(document, example, body.schema, filling, (field) => marked.push(field));
  return { body: filled, marked };
}

/** A body as the document shows it, or as its schema would have it. */
export function exampleOf(document: ApiDocument, body: Operation["body"]): unknown {
  if (!body) return undefined;
  return (
    body.example ?? sample(body.schema as never, { skipReadOnly: true, quiet: true }, document.root as never)
  );
}

/** The values that a field of a body may have, where there are only some. */
export function choicesOf(document: ApiDocument, { body }: Operation): [field: string, values: unknown[]][] {
  const properties = body ? propertiesOf(document, body.schema) : {};
  return Object.entries(properties).flatMap(([field, schema]) => {
    const { enum: values } = document.resolve(schema);
    return Array.isArray(values) ? [[field, values] as [string, unknown[]]] : [];
  });
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
      fillValue(document, field, each, document.resolve(properties[field]), filling, (below) =>
        mark(below === "" ? field : `${field}.${below}`),
      ),
    ]),
  );
}

function fillValue(
  document: ApiDocument,
  field: string,
  value: unknown,
  schema: Json,
  filling: Filling,
  mark: (below: string) => void,
): unknown {
  if (filling.tenantFields.includes(field)) return filling.tenantId;
  if (filling.kept?.has(field)) return value;
  if (Array.isArray(value)) {
    const reference = value.every((each) => typeof each !== "object") ? filling.reference(field) : undefined;
    if (typeof reference === "string") return [reference];
    const items = document.resolve(schema.items);
    // What a list holds is not changed alone.
    return value.map((each) => fillValue(document, field, each, items, filling, () => {}));
  }
  if (isObject(value)) return fillObject(document, value, schema, filling, mark);
  const reference = filling.reference(field);
  if (typeof reference === "string") return typeof value === "number" ? Number(reference) : reference;
  if (value === 0) return amountOf(schema);
  return typeof value === "string" ? fillText(field, value, schema, filling.canary, () => mark("")) : value;
}

function fillText(field: string, value: string, schema: Json, canary: string, mark: () => void): string {
  const {
    format,
    enum: options,
    pattern,
    maxLength,
    contentEncoding,
  } = schema as {
    format?: string;
    enum?: unknown[];
    pattern?: string;
    maxLength?: number;
    contentEncoding?: string;
  };
  if (options || "const" in schema) return value;
  if (format === "byte" || contentEncoding === "base64" || /base64/i.test(field)) return encoded(canary);
  if (format === "email" || /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value))
    return `${canary}@${value.split("@")[1] ?? "example.com"}`;
  if (format || meaningful.test(value)) return value;
  const text = maxLength === undefined ? canary : canary.slice(0, maxLength);
  if (pattern && !matches(pattern, text)) return another(value, pattern, maxLength);
  if (text.length === canary.length) mark();
  return text;
}

/** What a file holds; shown by its route, not by that of its object. */
function encoded(canary: string): string {
  return Buffer.from(canary).toString("base64");
}

/** A total does not tell of a nothing: 3, or what bounds let be nearest to it. */
function amountOf({ minimum, maximum, multipleOf }: Json): number {
  const low = typeof minimum === "number" ? minimum : 0;
  const high = typeof maximum === "number" ? maximum : Number.POSITIVE_INFINITY;
  const step = typeof multipleOf === "number" && multipleOf > 0 ? multipleOf : 1;
  const wished = Math.ceil(Math.max(3, low) / step) * step;
  return Math.min(wished, high);
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return false;
  }
}

/** `A-90001` to `A-48213`: another value of the same pattern, so that a unique key does not refuse it. */
function another(value: string, pattern: string, maxLength = longestText): string {
  const other = value.replace(/\d/g, () => String(randomInt(10)));
  if (other !== value && matches(pattern, other)) return other;
  try {
    const generator = new RandExp(pattern);
    // Of what a pattern leaves open, no more than a field takes.
    generator.max = Math.min(maxLength, mostRepetitions);
    const drawn = generator.gen();
    return matches(pattern, drawn) && drawn.length <= maxLength ? drawn : value;
  } catch {
    return value;
  }
}

function requiredOf(document: ApiDocument, schema: Json): unknown[] {
  return partsOf(document, schema).flatMap(({ required }) => (Array.isArray(required) ? required : []));
}

/** Properties of a schema and of the schemas that it is made of. */
export function propertiesOf(document: ApiDocument, schema: Json): Json {
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
