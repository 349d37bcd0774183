import type { Category } from "./module/types.js";
import type { Model, Relation } from "./schema/types.js";
import { ignoredFieldNamed, subScopeField } from "./tenancy/columns.js";
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
export function proposeCategory(
  model: Model,
  path: TenantPath,
  tenancy: Tenancy,
  others: readonly Model[] = [],
): Proposal {
  switch (path.kind) {
    case "tenant":
      return { category: "global", reason: "the tenant itself" };
    case "own":
      return proposeScoped(model, path.field, tenancy);
    case "parent":
      return { category: "special", reason: `reached through ${describePath(path)}` };
    case "none":
      return path.undecided
        ? proposeUndecided(path.undecided, tenancy)
        : proposeWithoutPath(model, tenancy, others);
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

/** Its rows are some tenant's, and a person has to say whose. */
function proposeUndecided(relations: readonly Relation[], tenancy: Tenancy): Proposal {
  const names = relations.map(({ field }) => field);
  const [first] = relations;
  return names.length > 1
    ? {
        category: "special",
        reason: `points at ${tenancy.model.name} by ${names.join(" and ")}`,
        decide: `whose row is it, by ${names.join(" or ")}?`,
      }
    : {
        category: "special",
        reason: `reached through ${first!.field} → ${first!.target}`,
        decide: `whose row is it? ${first!.target} points at several of ${tenancy.model.name}, or needs one that does`,
      };
}

function proposeWithoutPath(model: Model, tenancy: Tenancy, others: readonly Model[]): Proposal {
  const held = heldWithoutRelation(model, others);
  const optional = model.relations
    .filter((relation) => !relation.isRequired)
    .map((relation) => relation.field);
  const toTenant = model.relations.filter((relation) => relation.target === tenancy.model.name);
  const ignored = ignoredFieldNamed(model, tenancy.column);
  const decide = ignored
    ? `its ${ignored.name} is marked @ignore: does it belong to a tenant? Then remove that`
    : held
      ? `it has ${held.column}, by which ${held.holders} other models point at ${held.target}, and no relation: is it ${held.target}'s? Then declare the relation`
      : toTenant.length
        ? `it points at ${tenancy.model.name} by ${toTenant.map(({ field }) => field).join(", ")}: is one of them its owner?`
        : optional.length
          ? `only optional relations (${optional.join(", ")}) could lead to a tenant: is it really the same for every tenant?`
          : "is it really the same for every tenant?";
  return { category: "global", reason: `no path to ${tenancy.model.name}`, decide };
}

/** A column by whose name other models point at a parent, where this one declares no relation. */
function heldWithoutRelation(model: Model, others: readonly Model[]) {
  const related = new Set(model.relations.flatMap(({ fields }) => fields));
  for (const { name } of model.fields) {
    if (related.has(name)) continue;
    const uses = others.flatMap((other) =>
      other.relations.filter(({ fields }) => fields.join() === name).map(({ target }) => target),
    );
    const [target] = uses;
    if (target && uses.length > 1 && uses.every((each) => each === target)) {
      return { column: name, target, holders: uses.length };
    }
  }
  return undefined;
}
