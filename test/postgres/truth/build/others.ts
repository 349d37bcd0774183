import type { Field, Model, Relation } from "../application.js";
import type { Dice } from "../dice.js";
import { belongs, compositeKey, distance, identity, lineage } from "../ownership.js";
import { keyTypes, plainTypes, textType, unsupportedType } from "../scalars.js";
import { lowerFirst } from "../words.js";
import type { Builder } from "./builder.js";

/** Steps from a special model to its tenant, at most. */
const longestChain = 3;

/** An id of its own, and nothing that leads to a tenant. */
export function startWithId(builder: Builder, model: Model, dice: Dice): Field {
  const id = builder.field(model, dice.chance(0.85) ? "id" : "pk", builder.idType(dice), dice);
  builder.key(model, "id", [id]);
  return id;
}

/** Columns that no rule is about. */
export function addPlainFields(builder: Builder, model: Model, dice: Dice, names: readonly string[]): void {
  for (const name of dice.shuffle(names).slice(0, dice.below(4))) {
    const type = dice.pick([...plainTypes, builder.frame.enumType, unsupportedType]);
    const required = type !== unsupportedType && (type.isList === true || dice.chance(0.5));
    builder.field(model, name, type, dice, { required });
  }
}

/**
 * A model that reaches its tenant through required relations only: one parent, or two where it joins them.
 * False where no model is fit to be its parent.
 */
export function tieSpecial(builder: Builder, model: Model, tenant: Model, key: Field, dice: Dice): boolean {
  if (dice.chance(0.1)) {
    const field = builder.field(model, dice.pick(["billedTo", "holderId", "grantee"]), key.type, dice);
    builder.relation(model, "holder", [field], tenant, [key]);
    return true;
  }
  const parents = builder.models.filter(
    (other) =>
      other !== model &&
      belongs(other) &&
      !["tenant", "shared", "join", "ignored"].includes(other.role) &&
      identity(other) !== undefined &&
      distance(other) < longestChain,
  );
  // Long chains are rare by chance, so the farthest parent is often asked for.
  const farthest = [...parents].sort((left, right) => distance(right) - distance(left))[0];
  const parent = dice.chance(0.5) ? farthest : dice.pickMaybe(parents);
  if (!parent || !builder.pointAt(model, parent, dice, { required: true })) return false;
  return true;
}

/** A special model in whose column null means "everybody's". */
export function startShared(builder: Builder, model: Model, tenant: Model, key: Field, dice: Dice): void {
  startWithId(builder, model, dice);
  const { tenantFieldName, tenantColumn } = builder.frame;
  const column = { column: tenantColumn, required: false };
  model.tenantField = builder.field(model, tenantFieldName, key.type, dice, column);
  builder.relation(model, "sharedBy", [model.tenantField], tenant, [key]);
  if (dice.chance(0.5)) builder.key(model, "index", [model.tenantField]);
}

/** A table with the tenant column that Prisma Client does not see. */
export function startIgnored(builder: Builder, model: Model, tenant: Model, key: Field, dice: Dice): void {
  startWithId(builder, model, dice);
  if (dice.chance(0.3)) return;
  const { tenantFieldName, tenantColumn } = builder.frame;
  model.tenantField = builder.field(model, tenantFieldName, key.type, dice, { column: tenantColumn });
  builder.relation(model, "ignored_tenant", [model.tenantField], tenant, [key], { declared: false });
  const parents = builder.models.filter((other) => other.role === "scoped" && identity(other));
  const parent = dice.chance(0.5) ? dice.pickMaybe(parents) : undefined;
  const relation = parent && builder.pointAt(model, parent, dice, { required: dice.chance(0.5) });
  if (relation) relation.declared = false;
}

/** A view of a scoped or global table, with some of its columns. */
export function startView(builder: Builder, model: Model, dice: Dice): boolean {
  const bases = builder.models.filter(
    ({ role, tenantField }) =>
      role === "global" || (role === "scoped" && tenantField!.name === builder.frame.tenantFieldName),
  );
  const of = dice.pickMaybe(bases);
  if (!of) return false;
  const copied = of.fields.filter((field) => field === of.tenantField || dice.chance(0.7));
  for (const field of copied.length ? copied : of.fields.slice(0, 1)) {
    const copy = { ...field, default: undefined, required: dice.chance(0.7) || field.type.isList === true };
    const { default: _, ...viewField } = copy;
    model.fields.push(viewField);
    if (field === of.tenantField) model.tenantField = viewField;
  }
  model.view = { of, isMaterialized: dice.chance(0.3) };
  return true;
}

/** The hidden table of an implicit many-to-many relation. Its sides are sorted by name, as Prisma sorts them. */
export function tieJoin(builder: Builder, model: Model, dice: Dice): boolean {
  const sides = builder.models.filter(
    (other) =>
      ["scoped", "sub-scoped", "unit", "special", "shared", "global"].includes(other.role) &&
      other.keys.some(({ kind, fields }) => kind === "id" && fields.length === 1) &&
      identity(other) !== undefined,
  );
  const pair = [dice.pickMaybe(sides), dice.pickMaybe(sides)];
  const [a, b] = pair.sort((left, right) => ((left?.name ?? "") < (right?.name ?? "") ? -1 : 1));
  if (!a || !b || !(belongs(a) || belongs(b))) return false;
  model.schema = a.schema;
  model.table = builder.free(dice.chance(0.6) ? `_${a.name}To${b.name}` : `_${lowerFirst(model.name)}Links`);
  const [left, right] = [a, b].map((side, index) => {
    const name = index === 0 ? "A" : "B";
    const field = builder.field(model, name, identity(side)!.type, dice, { column: name });
    builder.relation(model, name, [field], side, [identity(side)!]);
    return field;
  });
  builder.key(model, dice.pick(["unique", "id"]), [left!, right!]);
  builder.key(model, "index", [right!]);
  return true;
}

/** A table that is nobody's: no model, no tenant column. */
export function startStranger(builder: Builder, model: Model, dice: Dice): void {
  startWithId(builder, model, dice);
  builder.field(model, "tenant_name", textType, dice, { required: false });
  if (dice.chance(0.3)) builder.field(model, "tenants", keyTypes.int, dice, { required: false });
}

/** Relations beside those that a model needs: optional or required, to parents, to itself, to global models. */
export function addRelations(builder: Builder, model: Model, dice: Dice): void {
  const isOwned = belongs(model);
  for (let count = dice.pick([0, 0, 0, 1, 1, 1, 1, 2, 2]); count > 0; count -= 1) {
    const targets = builder.models.filter(
      (other) =>
        other !== model &&
        !["tenant", "join", "ignored", "view", "stranger"].includes(other.role) &&
        (identity(other) !== undefined || compositeKey(other) !== undefined),
    );
    const target = dice.pickMaybe(targets);
    if (!target) return;
    const mayBeNobodys = model.role === "shared" || target.role === "shared";
    const mayRequire = target.role === "global" || (isOwned && !mayBeNobodys);
    // No circle of required parents: each points at models made before it.
    const isEarlier = !lineage(target).includes(model);
    const required = mayRequire && isEarlier && isBefore(builder, target, model) && dice.chance(0.4);
    const relation = builder.pointAt(model, target, dice, { required });
    if (!relation) continue;
    indexForeignKey(builder, model, relation, dice);
    if (dice.chance(0.06)) guardByTenant(builder, model, relation);
  }
  if (isOwned && identity(model) && dice.chance(0.2)) addSelfRelation(builder, model, dice);
}

/**
 * In the database a composite key that holds the tenant on both sides stands in place of the simple one that
 * the schema declares: what the remedy of a reference across tenants asks for.
 */
function guardByTenant(builder: Builder, model: Model, relation: Relation): void {
  const { target, fields, references } = relation;
  const pair = compositeKey(target);
  const isSimple = fields.length === 1 && pair?.other === references[0];
  if (!isSimple || !model.tenantField?.required) return;
  builder.relation(
    model,
    `${relation.name}Guard`,
    [model.tenantField, ...fields],
    target,
    [target.tenantField!, ...references],
    { declared: false, ...(relation.isOneToOne ? { isOneToOne: true } : {}) },
  );
  relation.constraint = undefined;
}

function isBefore(builder: Builder, target: Model, model: Model): boolean {
  return builder.models.indexOf(target) < builder.models.indexOf(model);
}

function addSelfRelation(builder: Builder, model: Model, dice: Dice): void {
  const id = identity(model)!;
  const parent = builder.field(model, "parentId", id.type, dice, { required: false });
  builder.relation(model, "parent", [parent], model, [id]);
}

/** An index of the key, alone, with the tenant, or a unique one where each parent has one child. */
function indexForeignKey(builder: Builder, model: Model, relation: Relation, dice: Dice): void {
  const tenant = model.tenantField;
  const [own] = relation.fields.filter((field) => field !== tenant);
  if (!own) return;
  if (dice.chance(0.3)) builder.key(model, "index", [own]);
  if (tenant && dice.chance(0.2)) builder.key(model, "index", [own, tenant]);
  const mayBeOnly = !model.partitioning && relation.fields.length === 1 && belongs(relation.target);
  if (mayBeOnly && belongs(model) && dice.chance(0.12)) {
    relation.isOneToOne = true;
    builder.key(model, "unique", [own]);
  }
}
