import type { Category } from "./module/types.js";
import type { Model } from "./schema/types.js";
import { subScopeField } from "./tenancy/columns.js";
import { describePath, type TenantPath } from "./tenancy/path.js";
import type { Tenancy } from "./tenancy/types.js";

/** The category that a model's shape asks for, and what a person still has to decide. */
export interface Proposal {
  readonly category: Category;
  readonly reason: string;
  /** A question that the schema can't answer, where there is one. */
  readonly decide?: string;
}

/** Proposes a category from the tenant path alone: own column, required path through a parent, or none. */
export function proposeCategory(model: Model, path: TenantPath, tenancy: Tenancy): Proposal {
  switch (path.kind) {
    case "tenant":
      return { category: "global", reason: "the tenant itself" };
    case "own":
      return proposeScoped(model, path.field, tenancy);
    case "parent":
      return { category: "special", reason: `reached through ${describePath(path)}` };
    case "none":
      return proposeWithoutPath(model, tenancy);
  }
}

function proposeScoped(
  model: Model,
  field: { name: string; isRequired: boolean },
  tenancy: Tenancy,
): Proposal {
  const unit = tenancy.subScopes.map((subScope) => subScopeField(subScope, model)).find(Boolean);
  const reason = unit ? `own columns ${field.name} and ${unit.name}` : `own column ${field.name}`;
  return {
    category: unit ? "sub-scoped" : "tenant-scoped",
    reason,
    ...(field.isRequired
      ? {}
      : { decide: `${field.name} is optional: does null mean shared, or is it a fault?` }),
  };
}

function proposeWithoutPath(model: Model, tenancy: Tenancy): Proposal {
  const optional = model.relations
    .filter((relation) => !relation.isRequired)
    .map((relation) => relation.field);
  const toTenant = model.relations.filter((relation) => relation.target === tenancy.model.name);
  const decide = toTenant.length
    ? `it points at ${tenancy.model.name} by ${toTenant.map(({ field }) => field).join(", ")}: is one of them its owner?`
    : optional.length
      ? `only optional relations (${optional.join(", ")}) could lead to a tenant: is it really the same for every tenant?`
      : "is it really the same for every tenant?";
  return { category: "global", reason: `no path to ${tenancy.model.name}`, decide };
}
