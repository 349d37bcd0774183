import type { Field, Model, RegistryEntry, Relation } from "../application.js";
import { isOnePerTenant } from "../build/rows.js";
import {
  belongs,
  compositesOf,
  incoming,
  isScoped,
  leadingKeys,
  lineage,
  pathRelation,
  tenantRelation,
} from "../ownership.js";
import type { Claim, Ground } from "./ground.js";

/** A relation and the model that holds its key. */
export interface Site {
  readonly child: Model;
  readonly relation: Relation;
}

export function isScopedTable(model: Model): boolean {
  return isScoped(model) && model.inDatabase;
}

/** Its tenant field has the name that it has everywhere. */
export function hasUsualName({ application }: Ground, model: Model): boolean {
  return model.tenantField?.name === application.tenantFieldName;
}

/** A model that registries list and Prisma Client sees. */
export function isListed(model: Model): boolean {
  return !["join", "ignored", "unmapped", "stranger"].includes(model.role);
}

export function hasView({ models }: Ground, model: Model): boolean {
  return models.some(({ view }) => view?.of === model);
}

/** Nothing points at it and no view is made of it. */
export function isLeaf(ground: Ground, model: Model): boolean {
  const others = incoming(ground.models, model).filter(({ child }) => child !== model);
  return others.length === 0 && !hasView(ground, model);
}

/** The tenant column stands in no key and no relation but the one to the tenant, so it can be changed freely. */
export function isTenantColumnFree(ground: Ground, model: Model): boolean {
  const { tenantField } = model;
  if (!tenantField || model.partitioning || compositesOf(model).length > 0) return false;
  const isInKey = model.keys.some(({ kind, fields }) => kind === "id" && fields.includes(tenantField));
  return !isInKey && !isReferenced(ground, model, tenantField);
}

function isReferenced(ground: Ground, model: Model, field: Field): boolean {
  return incoming(ground.models, model).some(({ relation }) => relation.references.includes(field));
}

/** A composite foreign key ties the tenant column whether or not there is a simple one. */
export function isCoveredInDatabase(model: Model): boolean {
  return compositesOf(model).some(
    ({ constraint, fields }) => constraint && fields.every(({ notNull }) => notNull === true),
  );
}

export function isCoveredInSchema(model: Model): boolean {
  return compositesOf(model).some(
    ({ declared, fields }) => declared && fields.every(({ required }) => required),
  );
}

/** Children that are tied to the tenant through this model alone. */
export function tiedThrough(ground: Ground, model: Model): Model[] {
  return incoming(ground.models, model)
    .filter(
      ({ child, relation }) => relation.references.includes(model.tenantField!) && !tenantRelation(child),
    )
    .map(({ child }) => child);
}

/** Scoped models whose simple foreign key to the tenant is all that ties them, and that tie no other. */
export function loneTies(ground: Ground): Site[] {
  return ground.models.flatMap((child) => {
    const relation = tenantRelation(child);
    const isLone =
      isScopedTable(child) &&
      relation?.constraint &&
      !isCoveredInDatabase(child) &&
      tiedThrough(ground, child).length === 0;
    return isLone ? [{ child, relation }] : [];
  });
}

/** Another model still shows the schema's reader what the tenant column holds. */
export function othersPointAtTenant(ground: Ground, model: Model): boolean {
  const others = ground.models.filter(
    (other) =>
      other !== model && isScoped(other) && hasUsualName(ground, other) && tenantRelation(other)?.declared,
  );
  return others.length > 1;
}

/** Every index that leads with the tenant column can be dropped without losing a key. */
export function hasOnlyLeadingIndexes(model: Model): boolean {
  const leading = leadingKeys(model);
  return leading.length > 0 && leading.every(({ kind }) => kind === "index");
}

/** Relations between two tables that belong to tenants, the tenant column's own aside. */
export function ownedRelations({ models }: Ground): Site[] {
  return models.flatMap((child) =>
    child.relations
      .filter((relation) => {
        const isTie = relation === tenantRelation(child) && isScoped(child);
        return !isTie && child.inDatabase && belongs(child) && belongs(relation.target);
      })
      .filter((relation) => !isGuarded(child, relation))
      .map((relation) => ({ child, relation })),
  );
}

/** A composite foreign key of the database alone stands in for it. */
export function isGuarded(child: Model, relation: Relation): boolean {
  const isGuard = ({ declared, fields, target }: Relation) =>
    !declared && target === relation.target && fields.length > 1 && fields.includes(relation.fields[0]!);
  return child.relations.some((other) => other !== relation && isGuard(other)) || isGuard(relation);
}

/** A composite relation ties the tenant column as well: it can be weakened where a simple one does so too. */
export function mayWeaken({ child, relation }: Site): boolean {
  const isComposite = child.tenantField !== undefined && relation.fields.includes(child.tenantField);
  return !isComposite || tenantRelation(child)?.constraint !== undefined;
}

/** The relation, the tie that a composite one leans on, and the ways to the tenant. */
export function claimsOf(site: Site): Claim[] {
  const { child, relation } = site;
  const isComposite = child.tenantField !== undefined && relation.fields.includes(child.tenantField);
  return [
    { model: child, part: `relation ${relation.name}` },
    ...(isComposite ? [{ model: child, part: "tie" as const }] : []),
    ...waysOf(site).map((model) => ({ model, part: "way" as const, isShared: true })),
  ];
}

/** The models whose rows say which tenants the two ends belong to. */
function waysOf({ child, relation }: Site): Model[] {
  return [...new Set([...lineage(child), ...lineage(relation.target), ...otherParents(child)])];
}

/** Which of two parents is the way to the tenant hangs on both. */
function otherParents(child: Model): Model[] {
  return pathRelation(child) ? child.relations.map(({ target }) => target) : [];
}

/** Rows can be added freely: no more than one for each tenant is no obstacle. */
export function takesRows(model: Model): boolean {
  return !isOnePerTenant(model) && model.role !== "view";
}

/** The registry's entry of a model, by its exact name. */
export function entryOf({ application }: Ground, model: Model): RegistryEntry | undefined {
  return application.registry.find(({ name }) => name === model.name);
}

/** Puts another entry, or none, in its place. */
export function replaceEntry({ application }: Ground, entry: RegistryEntry, ...by: RegistryEntry[]): void {
  application.registry.splice(application.registry.indexOf(entry), 1, ...by);
}
