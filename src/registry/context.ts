import type { Category, Registry, RegistryEntry } from "./module/types.js";
import type { Field, Model, PrismaSchema } from "./schema/types.js";
import { scopingField, subScopeField, tenantField } from "./tenancy/columns.js";
import { type TenantPath, tenantPaths } from "./tenancy/path.js";
import type { SubScope, Tenancy } from "./tenancy/types.js";

/** What every registry rule looks at: the schema, the registry, and how they meet. */
export interface RegistryContext {
  readonly schema: PrismaSchema;
  readonly tenancy: Tenancy;
  readonly registry: Registry;
  readonly paths: ReadonlyMap<string, TenantPath>;
  /** Every visible model with the entries that mean it, exactly or in another case. */
  readonly models: readonly RegisteredModel[];
  /** Entries that mean no visible model. */
  readonly strangers: readonly RegistryEntry[];
}

export interface RegisteredModel {
  readonly model: Model;
  readonly entries: readonly RegistryEntry[];
  /** Undefined where the registry does not know the model. */
  readonly category: Category | undefined;
  /** The tenant column, under the application's name for it or, for scoped models, by its relation. */
  readonly tenantField: Field | undefined;
  readonly subScopes: readonly { readonly subScope: SubScope; readonly field: Field }[];
  readonly path: TenantPath;
}

/** Joins a registry with the schema that it describes. */
export function buildRegistryContext(
  schema: PrismaSchema,
  tenancy: Tenancy,
  registry: Registry,
): RegistryContext {
  const meant = meantModels(schema, registry);
  const categoryOf = new Map(
    schema.models.map((model) => [model.name, strictest(meant.get(model.name) ?? [])] as const),
  );
  const scoped = new Set(
    schema.models.map(({ name }) => name).filter((name) => isScoped(categoryOf.get(name))),
  );
  const paths = tenantPaths(schema, tenancy, scoped);
  const models = schema.models.map((model): RegisteredModel => {
    const category = categoryOf.get(model.name);
    return {
      model,
      entries: meant.get(model.name) ?? [],
      category,
      tenantField: isScoped(category) ? scopingField(tenancy, model) : tenantField(tenancy, model),
      subScopes: tenancy.subScopes.flatMap((subScope) => {
        const field = subScopeField(subScope, model);
        return field ? [{ subScope, field }] : [];
      }),
      path: paths.get(model.name)!,
    };
  });
  const claimed = new Set(models.flatMap((model) => model.entries));
  const strangers = registry.entries.filter((entry) => !claimed.has(entry));
  return { schema, tenancy, registry, paths, models, strangers };
}

export function isScoped(category: Category | undefined): boolean {
  return category === "tenant-scoped" || category === "sub-scoped";
}

function meantModels(schema: PrismaSchema, registry: Registry): Map<string, RegistryEntry[]> {
  const exact = new Set(schema.models.map((model) => model.name));
  const byLowerCase = new Map(schema.models.map((model) => [model.name.toLowerCase(), model.name]));
  const meant = new Map<string, RegistryEntry[]>();
  for (const entry of registry.entries) {
    const name = exact.has(entry.name) ? entry.name : byLowerCase.get(entry.name.toLowerCase());
    if (name !== undefined) meant.set(name, [...(meant.get(name) ?? []), entry]);
  }
  return meant;
}

/** Listed in several categories, a model is judged by the one that asks most of it. */
function strictest(entries: readonly RegistryEntry[]): Category | undefined {
  const order: readonly Category[] = ["sub-scoped", "tenant-scoped", "special", "global"];
  return order.find((category) => entries.some((entry) => entry.category === category));
}
