import type { Application, Field, Model, Relation, Row } from "../application.js";
import type { Dice } from "../dice.js";
import { belongs, identity, pathRelation, tenantRelation } from "../ownership.js";
import type { Value } from "../scalars.js";

/** Where a planted row differs from a sound one. */
export interface Deviation {
  readonly isPlanted?: boolean;
  readonly isLate?: boolean;
  /** Parents that are not chosen but given; null leaves an optional relation empty. */
  readonly parents?: ReadonlyMap<Relation, Row | null>;
  /** Values that stand whatever else says. */
  readonly values?: ReadonlyMap<Field, Value>;
}

/** Tenants first, then some rows for each model; a few tenants have most of them. */
export function fillRows(
  application: Application,
  counts: ReadonlyMap<Model, number>,
  tenants: number,
  dice: Dice,
): void {
  const factory = new RowFactory(application, dice);
  for (let count = 0; count < tenants; count += 1) factory.addTenant();
  for (const [model, count] of counts) {
    for (let made = 0; made < count; made += 1) factory.addAny(model);
  }
  for (const relation of application.tenant.relations) {
    for (const row of application.tenant.rows) factory.point(row, relation);
  }
}

/** Makes rows, with the parents that they need. What it makes is sound unless told otherwise. */
export class RowFactory {
  private readonly numbers = new Map<Model, number>();

  constructor(
    private readonly application: Application,
    private readonly dice: Dice,
  ) {}

  get tenants(): readonly Row[] {
    return this.application.tenant.rows;
  }

  addTenant(): Row {
    return this.add(this.application.tenant, null);
  }

  /** At least so many tenants. */
  tenantsAtLeast(count: number): readonly Row[] {
    while (this.tenants.length < count) this.addTenant();
    return this.tenants;
  }

  /** A row of some tenant, mostly of the first few; undefined where each has all that it may have. */
  addAny(model: Model): Row | undefined {
    if (model.role === "view") return undefined;
    const owner = belongs(model)
      ? this.tenants[this.dice.below(this.tenants.length) ** 2 % this.tenants.length]!
      : null;
    const mayBeNobodys = model.role === "shared" && this.dice.chance(0.4);
    if (isOnePerTenant(model) && model.rows.some((row) => row.owner === owner)) return undefined;
    const row = this.add(model, mayBeNobodys ? null : owner);
    if (model.role === "join" && isRepeated(model, row)) model.rows.pop();
    return row;
  }

  add(model: Model, owner: Row | null, deviation: Deviation = {}): Row {
    const values = new Map<Field, Value>();
    const isTenant = model === this.application.tenant;
    const row: Row = { owner, values, isPlanted: deviation.isPlanted === true };
    const number = (this.numbers.get(model) ?? model.rows.length) + 1;
    this.numbers.set(model, number);
    for (const field of model.fields) values.set(field, this.plainValue(model, field, number, owner));
    if (!isTenant && model.tenantField) values.set(model.tenantField, this.keyOf(owner));
    for (const relation of model.relations) {
      if (relation === tenantRelation(model)) continue;
      const given = deviation.parents?.get(relation);
      const parent = given === undefined ? this.parentFor(model, relation, isTenant ? row : owner) : given;
      for (const [index, field] of relation.fields.entries()) {
        if (field === model.tenantField && given === undefined) continue;
        if (field !== model.tenantField || parent) {
          values.set(field, parent ? parent.values.get(relation.references[index]!)! : null);
        }
      }
    }
    for (const [field, value] of deviation.values ?? []) values.set(field, value);
    if (deviation.isLate) row.isLate = true;
    model.rows.push(row);
    return row;
  }

  /** Lets a tenant's own row point at a row of its own, where there is one. */
  point(tenant: Row, relation: Relation): void {
    const parent = this.parentFor(this.application.tenant, relation, tenant);
    const [field] = relation.fields;
    if (parent) tenant.values.set(field!, parent.values.get(relation.references[0]!)!);
  }

  /** A parent of the same tenant; one is made where there is none and there has to be. */
  parentFor(child: Model, relation: Relation, owner: Row | null): Row | null {
    const { target, fields, isOneToOne } = relation;
    const isRequired = fields.every(({ required, notNull }) => required || notNull === true);
    if (!isRequired && this.dice.chance(0.4)) return null;
    if (target === this.application.tenant) {
      const isWay = pathRelation(child) === relation;
      return isWay ? owner! : (this.dice.pickMaybe(this.tenants) ?? null);
    }
    const isOwned = belongs(target);
    if (!isOneToOne) {
      const fit = target.rows.filter(
        (row) =>
          !row.isPlanted &&
          (!isOwned || row.owner === owner || (row.owner === null && target.role === "shared")),
      );
      const found = this.dice.pickMaybe(fit);
      if (found) return found;
    }
    if (!isRequired) return null;
    return this.add(target, isOwned ? owner : null);
  }

  keyOf(owner: Row | null): Value {
    return owner ? owner.values.get(this.application.tenantKey)! : null;
  }

  private plainValue(model: Model, field: Field, number: number, owner: Row | null): Value {
    if (field.isPerTenant) return model.rows.filter((row) => row.owner === owner).length + 1;
    const isIdentity = field === identity(model);
    if (!field.required && field.notNull !== true && !isIdentity && this.dice.chance(0.3)) return null;
    return field.type.value(this.dice, number);
  }
}

/** A join table holds each pair once. */
function isRepeated(model: Model, row: Row): boolean {
  return model.rows.some(
    (other) =>
      other !== row && model.fields.every((field) => other.values.get(field) === row.values.get(field)),
  );
}

/** The tenant column alone is the primary key. */
export function isOnePerTenant(model: Model): boolean {
  return model.keys.some(
    ({ kind, fields }) => kind === "id" && fields.length === 1 && fields[0] === model.tenantField,
  );
}
