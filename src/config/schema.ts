import { z } from "zod";
import { ruleIds } from "../findings/rules.js";

const text = z.string().min(1);
/** A section of a later version: accepted as it is, read by the command that it belongs to. */
const laterSection = z.looseObject({}).optional();

const database = z.strictObject({
  url: text.optional(),
  /** PostgreSQL schema of the models that name none. */
  schema: text.optional(),
  jobs: z.int().min(1).max(64).optional(),
  /** Seconds that one statement may run. */
  statementTimeout: z.number().positive().optional(),
});

const suppression = z.strictObject({
  rule: z.enum(ruleIds as [string, ...string[]]),
  model: text.optional(),
  table: text.optional(),
  column: text.optional(),
  field: text.optional(),
  index: text.optional(),
  constraint: text.optional(),
  reason: text,
  until: z.iso.date().optional(),
});

const sections = {
  app: text.optional(),
  tenant: z
    .strictObject({
      model: text.optional(),
      column: text.optional(),
      subScopes: z.array(z.strictObject({ model: text, column: text.optional() })).optional(),
    })
    .optional(),
  schema: text.optional(),
  registry: text.optional(),
  database: database.optional(),
  databases: z.record(text, database).optional(),
  rules: z
    .partialRecord(z.enum(ruleIds as [string, ...string[]]), z.enum(["error", "warning", "info", "off"]))
    .optional(),
  suppress: z.array(suppression).optional(),
  protected: z.boolean().optional(),
  isolation: laterSection,
  fleet: laterSection,
  build: laterSection,
  rollout: laterSection,
  state: laterSection,
  smoke: laterSection,
  load: laterSection,
  notify: laterSection,
  logs: laterSection,
  monitoring: laterSection,
  signoff: laterSection,
};

/** `tenantctl.config.ts`, validated. Unknown keys are refused. */
export const configSchema = z.strictObject({
  ...sections,
  environments: z.record(text, z.strictObject(sections)).optional(),
});

/** What `defineConfig` takes. */
export type Config = z.infer<typeof configSchema>;

/** Names that are allowed at a place of the config, to suggest the nearest of. */
export function allowedKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = configSchema;
  for (const key of path) schema = stepInto(schema, key);
  const shape = unwrapped(schema)?.shape;
  return shape ? Object.keys(shape) : [];
}

interface Definition {
  readonly shape?: Record<string, unknown>;
  readonly element?: unknown;
  readonly valueType?: unknown;
  unwrap?(): unknown;
}

function unwrapped(schema: unknown): Definition | undefined {
  let at = schema as (Definition & { type?: string }) | undefined;
  while (at?.type === "optional" && at.unwrap) at = at.unwrap() as Definition;
  return at;
}

function stepInto(schema: unknown, key: PropertyKey): unknown {
  const at = unwrapped(schema);
  return at?.shape?.[String(key)] ?? at?.element ?? at?.valueType;
}
