import * as v from "valibot";

const text = v.pipe(v.string(), v.trim(), v.minLength(1, "it is empty"));
/** Named by placeholders: `{asset}`. */
const name = v.pipe(text, v.regex(/^[A-Za-z_][\w-]*$/, "a name is a letter, then letters, digits, - and _"));

/** What a value of an answer has to be; everything named has to hold. */
const operators = v.strictObject({
  equals: v.optional(v.unknown()),
  not: v.optional(v.unknown()),
  exists: v.optional(v.literal(true)),
  absent: v.optional(v.literal(true)),
  contains: v.optional(v.unknown()),
  lacks: v.optional(v.unknown()),
  matches: v.optional(text),
  length: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  atLeast: v.optional(v.union([v.number(), text])),
  atMost: v.optional(v.union([v.number(), text])),
  /** Fields of each row of a list that has rows. */
  every: v.optional(v.record(text, v.unknown())),
});

const scalar = v.union([v.string(), v.number(), v.boolean(), v.null()]);

/** By place: a JSON pointer (`/items/0/id`), a field (`status`), or `header:Location`. */
const expectations = v.record(
  text,
  v.lazy((input): typeof operators | typeof scalar => (isObject(input) ? operators : scalar)),
);

const plain = v.union([v.string(), v.number(), v.boolean()]);
const status = v.union([v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599)), text]);

const attemptObject = v.strictObject({ request: text, body: v.optional(v.unknown()) });
/** How another tenant tries: `GET /assets/{asset}`. */
const attempt = v.lazy((input): typeof attemptObject | typeof text =>
  isObject(input) ? attemptObject : text,
);
const attempts = v.array(attempt);
const oneAttempt = v.union([v.literal(false), text]);

/** A union would say of a wrong key only that something does not fit. */
const hidden = v.lazy((input): typeof attempts | typeof attemptObject | typeof oneAttempt => {
  if (Array.isArray(input)) return attempts;
  return isObject(input) ? attemptObject : oneAttempt;
});

const step = v.strictObject({
  name: text,
  /** `POST /api/v1/assets` */
  request: text,
  /** `nobody`, one of `smoke.users`, or a captured token: `{session}`. */
  as: v.optional(text),
  /** null leaves a usual one out. */
  headers: v.optional(v.record(text, v.nullable(v.string()))),
  query: v.optional(v.record(text, plain)),
  body: v.optional(v.unknown()),
  status: v.optional(v.union([status, v.array(status)])),
  expect: v.optional(expectations),
  /** Asked again until this holds, `within` so long. */
  until: v.optional(expectations),
  within: v.optional(text),
  capture: v.optional(v.record(name, text)),
  /** How the others try to see it; false where everybody may. */
  hidden: v.optional(hidden),
});

/** `smoke`: the business workflows, as named steps. */
export const smoke = v.strictObject({
  /** For placeholders: one value for all tenants, or one a tenant. */
  values: v.optional(v.record(name, v.union([plain, v.record(text, plain)]))),
  /** More users: the token of each tenant's. */
  users: v.optional(v.record(name, v.record(text, text))),
  workflows: v.optional(
    v.record(
      text,
      v.strictObject({
        steps: v.pipe(v.array(step), v.minLength(1, "it has no steps")),
        /** Run in any case, after the steps. */
        finally: v.optional(v.array(step)),
      }),
    ),
  ),
});

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
