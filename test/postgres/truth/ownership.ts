import type { Field, Key, Model, Relation } from "./application.js";

/**
 * Who belongs to a tenant and how, after the words of the design: by a tenant column of its own, or through
 * a chain of required relations to a parent that does.
 */
export function belongs(model: Model): boolean {
  if (model.role === "tenant" || model.tenantField) return true;
  return model.role !== "global" && pathRelation(model) !== undefined;
}

/**
 * The first step of a model's way to its tenant, where it has no column of its own: the required relation
 * with the shortest way, a parent whose tenant is certain before one that may be shared, the first of those.
 * A join table belongs to the tenant of its first side that has one.
 */
export function pathRelation(model: Model): Relation | undefined {
  if (model.tenantField || model.role === "tenant" || model.role === "stranger") return undefined;
  const ways = model.relations.filter((relation) => isWay(model, relation));
  if (model.role === "join") return ways[0];
  const shortest = Math.min(...ways.map(({ target }) => distance(target)));
  const nearest = ways.filter(({ target }) => distance(target) === shortest);
  return nearest.find(({ target }) => isCertain(target)) ?? nearest[0];
}

function isWay(model: Model, relation: Relation): boolean {
  const { target, fields, declared } = relation;
  return declared && target !== model && fields.every(({ required }) => required) && belongs(target);
}

/** Steps from a model to the one whose column holds its tenant. */
export function distance(model: Model): number {
  const path = pathRelation(model);
  return path === undefined ? 0 : 1 + distance(path.target);
}

function isCertain(model: Model): boolean {
  if (model.role === "tenant") return true;
  if (model.tenantField) return model.tenantField.required;
  const path = pathRelation(model);
  return path !== undefined && isCertain(path.target);
}

/** The model and the parents on its way to the tenant. */
export function lineage(model: Model): Model[] {
  const path = pathRelation(model);
  return path === undefined ? [model] : [model, ...lineage(path.target)];
}

/** The rules of scoped tables hold for it. */
export function isScoped({ role }: Model): boolean {
  return role === "scoped" || role === "sub-scoped" || role === "unit";
}

/** The relation of the tenant column alone to the tenant. */
export function tenantRelation(model: Model): Relation | undefined {
  return model.relations.find(
    ({ target, fields }) =>
      target.role === "tenant" && fields.length === 1 && fields[0] === model.tenantField,
  );
}

/** Composite relations that hold the tenant column. */
export function compositesOf(model: Model): Relation[] {
  const { tenantField } = model;
  return model.relations.filter(
    ({ fields }) => fields.length > 1 && tenantField !== undefined && fields.includes(tenantField),
  );
}

/** Keys and indexes that lead with the tenant column. */
export function leadingKeys(model: Model): Key[] {
  return model.keys.filter(
    ({ fields, isExpression, predicate }) =>
      fields[0] === model.tenantField && !isExpression && predicate !== "partial",
  );
}

/** Relations and constraints of any model that end at this one. */
export function incoming(models: readonly Model[], model: Model): { child: Model; relation: Relation }[] {
  return models.flatMap((child) =>
    child.relations
      .filter(({ target, constraint }) => target === model || constraint?.elsewhere?.model === model)
      .map((relation) => ({ child, relation })),
  );
}

/** The field that tells rows apart by itself; undefined where only a composite key does. */
export function identity(model: Model): Field | undefined {
  const single = (kind: Key["kind"]) =>
    model.keys.find((key) => key.kind === kind && key.fields.length === 1)?.fields[0];
  const id = single("id");
  if (id) return id === model.tenantField ? undefined : id;
  return model.keys.find(({ kind, fields }) => kind === "unique" && fields.length === 1 && isId(fields[0]!))
    ?.fields[0];
}

function isId({ name }: Field): boolean {
  return name === "id" || name === "pk";
}

/** A unique key of the tenant column and one other, that a composite foreign key can point at. */
export function compositeKey(model: Model): { key: Key; other: Field } | undefined {
  for (const key of model.keys) {
    const { tenantField } = model;
    const isPair = key.kind !== "index" && key.fields.length === 2 && tenantField !== undefined;
    if (!isPair || !key.fields.includes(tenantField)) continue;
    const other = key.fields.find((field) => field !== tenantField)!;
    if (isId(other) || other.isPerTenant) return { key, other };
  }
  return undefined;
}
