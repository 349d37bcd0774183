import type { Field, IgnoredField, Model } from "../schema/types.js";
import type { SubScope, Tenancy } from "./types.js";

/** The model's tenant column by the application's name for it, as a field or as a column. */
export function tenantField(tenancy: Tenancy, model: Model): Field | undefined {
  return model.name === tenancy.model.name ? undefined : fieldNamed(model, tenancy.column);
}

/**
 * The same, and where that name is missing, the one field whose relation points at the tenant: a model that
 * the registry calls scoped may name its column otherwise.
 */
export function scopingField(tenancy: Tenancy, model: Model): Field | undefined {
  const named = tenantField(tenancy, model);
  if (named || model.name === tenancy.model.name) return named;
  const pointing = model.relations.filter(
    (relation) => relation.target === tenancy.model.name && relation.fields.length === 1,
  );
  return pointing.length === 1 ? fieldNamed(model, pointing[0]!.fields[0]!) : undefined;
}

export function subScopeField(subScope: SubScope, model: Model): Field | undefined {
  return model.name === subScope.model.name ? undefined : fieldNamed(model, subScope.column);
}

/** A field by its Prisma name, else by its column's name. */
export function fieldNamed(model: Model, name: string): Field | undefined {
  return (
    model.fields.find((field) => field.name === name) ?? model.fields.find((field) => field.column === name)
  );
}

/** The same among the fields that are marked `@ignore`. */
export function ignoredFieldNamed({ ignoredFields }: Model, name: string): IgnoredField | undefined {
  return (
    ignoredFields.find((field) => field.name === name) ?? ignoredFields.find((field) => field.column === name)
  );
}

/** The single-field primary key, or undefined where the key is composite or missing. */
export function singleId(model: Model): Field | undefined {
  const id = model.keys.find((key) => key.kind === "id");
  if (id?.fields.length === 1) return fieldNamed(model, id.fields[0]!);
  const unique = model.keys.find((key) => key.kind === "unique" && key.fields.length === 1);
  return id === undefined && unique ? fieldNamed(model, unique.fields[0]!) : undefined;
}
