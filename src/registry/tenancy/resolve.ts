import { InconclusiveError, UsageError } from "../../findings/errors.js";
import { nearestName } from "../../findings/nearest.js";
import type { Field, Model, PrismaSchema } from "../schema/types.js";
import { fieldNamed, singleId } from "./columns.js";
import { type Candidate, inferTenant } from "./infer.js";
import { Pointers } from "./pointers.js";
import { inferSubScopes } from "./sub-scopes.js";
import type { SubScope, Tenancy } from "./types.js";

/** What config or options say of the tenant; whatever is missing is inferred. */
export interface TenancySettings {
  readonly model?: string | undefined;
  readonly column?: string | undefined;
  readonly subScopes?:
    | readonly { readonly model: string; readonly column?: string | undefined }[]
    | undefined;
}

/**
 * Settles what tenant and tenant column mean in this schema.
 *
 * @param subScoped names that the registry puts in its sub-scoped category, if there is a registry
 * @throws UsageError where settings name what the schema lacks; InconclusiveError where nothing is named and
 *   no candidate is clearly ahead.
 */
export function resolveTenancy(
  schema: PrismaSchema,
  settings: TenancySettings = {},
  subScoped: readonly string[] = [],
): Tenancy {
  const { model, column, basis } = tenantOf(schema, settings);
  const subScopes = settings.subScopes
    ? settings.subScopes.map((subScope) => namedSubScope(schema, subScope))
    : inferSubScopes(schema, { model, column }, subScoped);
  return { model, column, key: keyOf(schema, model, column), subScopes, basis };
}

function tenantOf(schema: PrismaSchema, { model: modelName, column }: TenancySettings) {
  if (modelName === undefined && column === undefined) return inferred(schema);
  const model = modelName === undefined ? modelOf(schema, column!) : modelNamed(schema, modelName);
  const pointing = column ?? new Pointers(schema).mainColumn(model);
  if (pointing === undefined) {
    throw new UsageError(
      `no model points at ${model.name}, so its tenant column is unknown`,
      "name the column: --tenant-column tenantId, or tenant.column in tenantctl.config.ts",
    );
  }
  requireHeld(schema, model, pointing, "name the tenant column: --tenant-column NAME");
  const basis =
    modelName !== undefined && column !== undefined
      ? "as configured"
      : "configured in part, the rest by relations";
  return { model, column: asFieldName(schema, model, pointing), basis };
}

/** @throws UsageError where no other model has the column; it names the nearest field that one has. */
function requireHeld(schema: PrismaSchema, target: Model, column: string, hint: string): void {
  const others = schema.models.filter((model) => model !== target);
  if (others.some((model) => fieldNamed(model, column))) return;
  const known = others.flatMap((model) => model.fields.map((field) => field.name));
  throw new UsageError(`no model has a field or column ${column}`, `${didYouMean(column, known)}${hint}`);
}

/**
 * The Prisma field that a name stands for. A person may name the database's column (`organization_id`), and a
 * field of that name may be something else; the fields that point at the model decide.
 */
function asFieldName(schema: PrismaSchema, target: Model, name: string): string {
  const fields = schema.models
    .filter((model) => model !== target)
    .flatMap((model) =>
      model.fields.map((field) => ({
        field,
        isPointing: model.relations.some(
          (relation) => relation.target === target.name && relation.fields.join() === field.name,
        ),
      })),
    );
  const named = fields.filter(({ field }) => field.name === name);
  const stored = fields.filter(({ field }) => field.column === name);
  if (named.some(({ isPointing }) => isPointing)) return name;
  if (named.length > 0 && !stored.some(({ isPointing }) => isPointing)) return name;
  const names = new Set(stored.map(({ field }) => field.name));
  return names.size === 1 ? [...names][0]! : name;
}

function inferred(schema: PrismaSchema) {
  const inference = inferTenant(schema);
  if (inference.kind === "clear") {
    const { model, column } = inference.winner;
    return { model, column, basis: `inferred: ${describe(inference.winner)}` };
  }
  const shown = inference.candidates.slice(0, 4);
  const list = shown.map((candidate) => `\n  ${candidate.model.name} (${describe(candidate)})`).join("");
  const first = shown[0];
  throw new InconclusiveError(
    first
      ? `it isn't clear which model is the tenant; candidates:${list}`
      : "no model looks like the tenant: none is pointed at by others",
    first
      ? `name it: --tenant-model ${first.model.name} --tenant-column ${first.column}, or tenant: { model, column } in tenantctl.config.ts`
      : "name it: --tenant-model NAME --tenant-column NAME",
  );
}

function describe({ column, direct, reached, hasMembership, score }: Candidate): string {
  const parts = [`${direct} ${direct === 1 ? "model has" : "models have"} ${column}`];
  if (reached) parts.push(`${reached} more reach it`);
  if (hasMembership) parts.push("a membership joins it to users");
  return `${parts.join(", ")}; score ${score}`;
}

function modelNamed(schema: PrismaSchema, name: string): Model {
  const found =
    schema.models.find((model) => model.name === name) ?? schema.models.find((model) => model.table === name);
  if (found) return found;
  throw new UsageError(
    `the schema has no model ${name}`,
    `${didYouMean(
      name,
      schema.models.map((model) => model.name),
    )}check --tenant-model or tenant.model`,
  );
}

/** The model that a column points at, by the relations that use it, else by its name. */
function modelOf(schema: PrismaSchema, column: string): Model {
  const targets = new Map<string, number>();
  for (const model of schema.models) {
    const field = fieldNamed(model, column);
    const relation =
      field && model.relations.find(({ fields }) => fields.length === 1 && fields[0] === field.name);
    if (relation) targets.set(relation.target, (targets.get(relation.target) ?? 0) + 1);
  }
  const pointers = new Pointers(schema);
  const best = [...targets].sort((left, right) => right[1] - left[1])[0]?.[0];
  const found = best ?? schema.models.find((model) => pointers.mainColumn(model) === column)?.name;
  if (found) return modelNamed(schema, found);
  throw new UsageError(
    `no relation shows which model ${column} points at`,
    "name it: --tenant-model NAME, or tenant.model in tenantctl.config.ts",
  );
}

function keyOf(schema: PrismaSchema, model: Model, column: string): Field {
  for (const other of schema.models) {
    const field = fieldNamed(other, column)?.name;
    const relation = other.relations.find(
      ({ target, fields }) => target === model.name && fields.length === 1 && fields[0] === field,
    );
    const key = relation && fieldNamed(model, relation.references[0]!);
    if (key) return key;
  }
  const id = singleId(model);
  if (id) return id;
  throw new UsageError(
    `the tenant model ${model.name} has no single-column key that ${column} could point at`,
    "tenants with a composite key are not supported; name another model with --tenant-model",
  );
}

function namedSubScope(
  schema: PrismaSchema,
  settings: { model: string; column?: string | undefined },
): SubScope {
  const model = modelNamed(schema, settings.model);
  const column = settings.column ?? new Pointers(schema).mainColumn(model);
  const hint = "name its column: tenant.subScopes[].column in tenantctl.config.ts";
  if (column === undefined) throw new UsageError(`no model points at the sub-scope ${model.name}`, hint);
  requireHeld(schema, model, column, hint);
  return { model, column: asFieldName(schema, model, column) };
}

function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? "" : `did you mean ${nearest}? `;
}
