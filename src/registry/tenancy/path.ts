import type { Field, Model, PrismaSchema, Relation } from "../schema/types.js";
import { scopingField, tenantField } from "./columns.js";
import type { Tenancy } from "./types.js";

/** How a row of a model finds its tenant. */
export type TenantPath =
  | { readonly kind: "tenant" }
  | { readonly kind: "own"; readonly field: Field }
  | {
      readonly kind: "parent";
      readonly relation: Relation;
      readonly parent: Model;
      readonly rest: TenantPath;
    }
  | {
      readonly kind: "none";
      /** Required relations that lead to tenants, though nothing says which of them is the owner. */
      readonly undecided?: readonly Relation[];
    };

/**
 * The tenant path of every model: its own column, else the shortest chain of required relations to a model
 * that has one (or to the tenant itself). Breadth first, so the result does not depend on the order of
 * models, only on that of relations inside one. A model that needs two tenants, `buyer` and `seller`, and has
 * no tenant column has no path: whichever of them were guessed, the other's rows would look like strangers'.
 *
 * @param scoped names of models that the registry calls scoped: their column may have another name
 */
export function tenantPaths(
  schema: PrismaSchema,
  tenancy: Tenancy,
  scoped: ReadonlySet<string> = new Set(),
): Map<string, TenantPath> {
  const paths = new Map<string, TenantPath>([[tenancy.model.name, { kind: "tenant" }]]);
  for (const model of schema.models) {
    const field = scoped.has(model.name) ? scopingField(tenancy, model) : tenantField(tenancy, model);
    if (field) paths.set(model.name, { kind: "own", field });
  }
  const byName = new Map(schema.models.map((model) => [model.name, model]));
  const undecided = new Map<string, TenantPath>();
  for (const model of schema.models) {
    const relations = paths.has(model.name) ? [] : tenantsOf(model, tenancy);
    if (relations.length > 1) undecided.set(model.name, { kind: "none", undecided: relations });
  }
  for (let grown = true; grown; ) {
    const reached = schema.models.flatMap((model) => {
      if (paths.has(model.name) || undecided.has(model.name)) return [];
      const step = nextStep(model, paths, byName);
      return step ? [[model.name, step] as const] : [];
    });
    for (const [name, path] of reached) paths.set(name, path);
    grown = reached.length > 0;
  }
  spread(schema, paths, undecided);
  for (const model of schema.models) {
    if (!paths.has(model.name)) paths.set(model.name, undecided.get(model.name) ?? { kind: "none" });
  }
  return paths;
}

/** Required relations to the tenant, one a foreign key. */
function tenantsOf({ relations }: Model, tenancy: Tenancy): Relation[] {
  const required = relations.filter(({ target, isRequired }) => target === tenancy.model.name && isRequired);
  return [...new Map(required.map((relation) => [relation.fields.join(), relation])).values()];
}

/** What has no path, and needs a row whose tenant is undecided, is undecided too. */
function spread(
  schema: PrismaSchema,
  paths: ReadonlyMap<string, TenantPath>,
  undecided: Map<string, TenantPath>,
): void {
  for (let size = -1; size < undecided.size; ) {
    size = undecided.size;
    for (const { name, relations } of schema.models) {
      if (paths.has(name) || undecided.has(name)) continue;
      const relation = relations.find(({ target, isRequired }) => isRequired && undecided.has(target));
      if (relation) undecided.set(name, { kind: "none", undecided: [relation] });
    }
  }
}

function nextStep(
  model: Model,
  paths: ReadonlyMap<string, TenantPath>,
  byName: ReadonlyMap<string, Model>,
): TenantPath | undefined {
  const steps = model.relations.flatMap((relation) => {
    const rest = paths.get(relation.target);
    const parent = byName.get(relation.target);
    return relation.isRequired && rest && parent ? [{ kind: "parent" as const, relation, parent, rest }] : [];
  });
  // A parent whose own column is required is surer than one that may be shared by all tenants.
  return steps.find((step) => isSure(step.rest)) ?? steps[0];
}

function isSure(path: TenantPath): boolean {
  if (path.kind === "own") return path.field.isRequired;
  return path.kind === "parent" ? isSure(path.rest) : path.kind === "tenant";
}

/** `tenantId`, or `invoice → Invoice.tenantId`, or `buyer or seller`, or `-`. */
export function describePath(path: TenantPath): string {
  switch (path.kind) {
    case "tenant":
      return "(the tenant)";
    case "own":
      return path.field.name;
    case "none":
      return path.undecided?.map(({ field }) => field).join(" or ") ?? "-";
    case "parent": {
      const hop = `${path.relation.field} → ${path.parent.name}`;
      if (path.rest.kind === "own") return `${hop}.${path.rest.field.name}`;
      return path.rest.kind === "tenant" ? hop : `${path.relation.field} → ${describePath(path.rest)}`;
    }
  }
}
