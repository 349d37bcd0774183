import type { Model, Relation, Row } from "../application.js";
import { isOnePerTenant } from "../build/rows.js";
import { type Expected, missingForeignKey, relationRows, tenantRows, unvalidated } from "../expected.js";
import { belongs, pathRelation, tenantRelation } from "../ownership.js";
import type { Value } from "../scalars.js";
import type { Fault, Ground, Variant } from "./ground.js";
import { claimsOf, isGuarded, loneTies, mayWeaken, ownedRelations, type Site, takesRows } from "./sites.js";

const rule = "db/orphan-rows";

/** A key that no row has. */
export function ghost({ dice }: Ground, { references }: Relation, number: number): Value {
  const key = references[references.length - 1]!;
  return key.type.value(dice, 800_000_000 + number);
}

/**
 * Takes the proof from a foreign key: it goes, or stays unproven. What that is found as, beside its rows. In
 * an audit that reads every row the proof may stay.
 */
export function weaken(ground: Ground, { child, relation }: Site): { expected: Expected[]; isLate: boolean } {
  const { constraint, declared } = relation;
  if (!constraint) return { expected: [], isLate: false };
  const isSimple = relation.fields.length === 1 && !constraint.onPartitions;
  if (ground.application.style.isDeep && isSimple && ground.dice.chance(0.5)) {
    return { expected: [], isLate: true };
  }
  const state = constraint.onPartitions ? undefined : ground.unproven(child);
  if (state && (!declared || ground.dice.chance(0.5))) {
    constraint.state = state;
    return { expected: [unvalidated(child, relation)], isLate: false };
  }
  relation.constraint = undefined;
  return { expected: [missingForeignKey(child, relation)], isLate: false };
}

/** Rows whose tenant column names no tenant. Where they have to point at some tenant's row, they cross too. */
const byTenant: Variant = (ground) => {
  const sites = loneTies(ground).filter(({ child }) =>
    child.relations.every((each) => !isFixed(child, each)),
  );
  const site = ground.take(sites, ({ child }) => [
    { model: child, part: "tie" },
    ...child.relations.flatMap((relation) =>
      claimsOf({ child, relation }).filter(({ part }) => part !== "tie"),
    ),
  ]);
  if (!site) return undefined;
  const { child } = site;
  const { expected, isLate } = weaken(ground, site);
  const owner = ground.rows.tenantsAtLeast(1)[0]!;
  const owned = child.relations.filter((each) => each !== site.relation && belongs(each.target));
  const empty = owned.filter(isOptional);
  const parents = new Map(empty.map((each) => [each, null]));
  const isOne = isOnePerTenant(child);
  const ids = Array.from({ length: isOne ? 20 : 2 }, (_, number) => ghost(ground, site.relation, number));
  let made = 0;
  const rows = ground.plant(child, owner, ground.count(), () => {
    made += 1;
    const id = isOne ? ids[made]! : ground.dice.pick(ids);
    return { parents, isLate, values: new Map([[child.tenantField!, id]]) };
  });
  const crossing = owned
    .filter((each) => !empty.includes(each) && each.target.role !== "tenant")
    .map((each) => relationRows("db/cross-tenant-reference", child, each, rows));
  return [...expected, tenantRows(rule, child, rows), ...crossing];
};

function isOptional({ fields }: Relation): boolean {
  return fields.some(({ required }) => !required);
}

/** All other relations to what belongs to tenants may be empty. */
function optionalOnly(child: Model, relation: Relation): boolean {
  return child.relations.every((each) => each === relation || isOptional(each) || !belongs(each.target));
}

/** A composite key that has to hold the row's tenant, so that the row can't have another one. */
function isFixed(child: Model, relation: Relation): boolean {
  const isComposite = relation.fields.length > 1 && relation.fields.every(({ required }) => required);
  return isComposite || isGuarded(child, relation);
}

/** Rows that point at a parent which does not exist. */
function dangling(fits: (site: Site) => boolean): Variant {
  return (ground) => {
    const sites = ownedRelations(ground).filter((each) => {
      const { child, relation } = each;
      const isKnown = relation.declared || relation.constraint;
      const isApart = relation.target.role !== "tenant" || optionalOnly(child, relation);
      const takes = takesRows(child) && child.role !== "tenant";
      return isKnown && takes && isApart && mayWeaken(each) && fits(each);
    });
    const site = ground.take(sites, claimsOf);
    if (!site) return undefined;
    const { child, relation } = site;
    const { expected, isLate } = weaken(ground, site);
    const owner = child.role === "shared" ? null : ground.rows.tenantsAtLeast(1)[0]!;
    const own = Math.max(
      0,
      relation.fields.findIndex((field) => field !== child.tenantField),
    );
    let made = 0;
    const rows = ground.plant(child, owner, ground.count(), () => {
      made += 1;
      const key = relation.references[own]!;
      const value = key.type.value(ground.dice, 900_000_000 + made);
      // A ghost of a tenant owns nothing that the row could point at.
      const empty = relation.target.role === "tenant" ? child.relations : [relation];
      const parents = new Map(
        empty.filter((each) => each === relation || isOptional(each)).map((each) => [each, null]),
      );
      return { isLate, parents, values: new Map([[relation.fields[own]!, value]]) };
    });
    const isTie = relation === tenantRelation(child);
    return [...expected, isTie ? tenantRows(rule, child, rows) : relationRows(rule, child, relation, rows)];
  };
}

/** Rows of a child that has lost both of its parents: its tenant is unknown, and both losses count. */
const twice: Variant = (ground) => {
  const sites = ownedRelations(ground).filter((each) => {
    const isWay = pathRelation(each.child) === each.relation;
    const others = otherLosses(ground, each);
    return isWay && each.relation.target.role !== "tenant" && takesRows(each.child) && others.length > 0;
  });
  const site = ground.take(sites, (each) => [...claimsOf(each), ...claimsOf(otherLosses(ground, each)[0]!)]);
  if (!site) return undefined;
  const losses = [site, otherLosses(ground, site)[0]!];
  const found = losses.map((each) => weaken(ground, each));
  // One row is written before or after all constraints, so both proofs go or neither.
  const isLate = found.some((each) => each.isLate);
  const owner = ground.rows.tenantsAtLeast(1)[0]!;
  let made = 0;
  const rows: Row[] = ground.plant(site.child, owner, ground.count(), () => {
    made += 1;
    const values = losses.map(
      ({ relation }) => [relation.fields[0]!, ghost(ground, relation, made)] as const,
    );
    return {
      isLate,
      parents: new Map(losses.map(({ relation }) => [relation, null])),
      values: new Map(values),
    };
  });
  const counted = losses.map(({ child, relation }) => relationRows(rule, child, relation, rows));
  return [...found.flatMap(({ expected }) => expected), ...counted];
};

function otherLosses(ground: Ground, { child, relation }: Site): Site[] {
  return ownedRelations(ground).filter((other) => {
    const isOther =
      other.child === child && other.relation !== relation && other.relation.fields.length === 1;
    return isOther && other.relation.declared && other.relation.target !== child;
  });
}

/**
 * A child tied to the tenant through a composite key of its parent, whose own tie proves nothing: the parent's
 * tenant may be a ghost, and then the child's is the same.
 */
const throughParent: Variant = (ground) => {
  const sites = ground.models.flatMap((child) =>
    child.relations
      .filter(({ target, fields, constraint }) => {
        const tie = tenantRelation(target);
        const isTie = fields.length > 1 && constraint && tie?.constraint && !tie.constraint.onPartitions;
        const isOnly =
          !tenantRelation(child) && child.relations.filter((each) => belongs(each.target)).length === 1;
        const isRoot = loneTiesBut(ground, target, child) && target.relations.every((each) => each === tie);
        return isTie && isOnly && isRoot && takesRows(child) && takesRows(target);
      })
      .map((relation) => ({ child, relation })),
  );
  const site = ground.take(sites, ({ child, relation }) => [
    { model: child, part: "whole" },
    { model: relation.target, part: "whole" },
  ]);
  const state = site && ground.unproven(site.relation.target);
  if (!state) return undefined;
  const { child, relation } = site;
  const parent = relation.target;
  const tie = tenantRelation(parent)!;
  tie.constraint!.state = state;
  const owner = ground.rows.tenantsAtLeast(1)[0]!;
  const id = ghost(ground, tie, 0);
  const own = relation.fields.findIndex((field) => field !== child.tenantField);
  const values = new Map([[parent.tenantField!, id]]);
  const parents = ground.plant(parent, owner, ground.count(), () => ({ values }));
  const rows = ground.plant(child, owner, ground.count(), () => {
    const value = ground.dice.pick(parents).values.get(relation.references[own]!)!;
    return {
      parents: new Map([[relation, null]]),
      values: new Map<(typeof tie.fields)[number], Value>([
        [child.tenantField!, id],
        [relation.fields[own]!, value],
      ]),
    };
  });
  return [unvalidated(parent, tie), tenantRows(rule, parent, parents), tenantRows(rule, child, rows)];
};

function loneTiesBut(ground: Ground, model: Model, child: Model): boolean {
  return ground.models.every(
    (other) =>
      other === child ||
      other.relations.every(({ target, fields }) => target !== model || fields.length === 1),
  );
}

export const orphanRows: Fault = {
  rule,
  variants: [
    byTenant,
    byTenant,
    dangling(() => true),
    dangling(({ child, relation }) => pathRelation(child) === relation),
    dangling(({ child }) => child.role === "join"),
    dangling(({ relation }) => relation.fields.length > 1),
    twice,
    throughParent,
  ],
};
