import type { Row } from "../application.js";
import { missingForeignKey, relationRows, unvalidated } from "../expected.js";
import { compositeKey, identity, pathRelation } from "../ownership.js";
import type { Value } from "../scalars.js";
import type { Fault, Ground, Variant } from "./ground.js";
import { claimsOf, mayWeaken, ownedRelations, type Site, takesRows } from "./sites.js";

const rule = "db/cross-tenant-reference";

/** Both ends belong to a tenant, and this relation is not what says to which the child does. */
function mayCross({ child, relation }: Site): boolean {
  return (
    relation.target.role !== "tenant" &&
    relation !== pathRelation(child) &&
    takesRows(child) &&
    (relation.declared || relation.constraint !== undefined)
  );
}

/** A row that belongs to the tenant, an existing one or a new one. */
function rowOf(ground: Ground, { child, relation }: Site, owner: Row): Row {
  const { target, isOneToOne } = relation;
  const known = target.rows.filter((row) => row.owner === owner && !row.isPlanted);
  const mayReuse = !isOneToOne && child.role !== "join" && known.length > 0;
  return mayReuse ? ground.dice.pick(known) : ground.rows.add(target, owner);
}

/** Rows of one tenant that point at rows of another; the foreign key holds all the same. */
function crossing(fits: (site: Site) => boolean): Variant {
  return (ground) => {
    const sites = ownedRelations(ground).filter(
      (each) => mayCross(each) && each.relation.fields.length === 1 && fits(each),
    );
    const site = ground.take(sites, claimsOf);
    if (!site) return undefined;
    const { child, relation } = site;
    const way = child.role === "join" ? pathRelation(child) : undefined;
    const rows: Row[] = [];
    for (let left = ground.count(); left > 0; left -= 1) {
      const [mine, others] = ground.dice.shuffle(ground.rows.tenantsAtLeast(2));
      const parents = new Map([[relation, rowOf(ground, site, others!)]]);
      if (way) parents.set(way, ground.rows.add(way.target, mine!));
      // A tenant's own row is the tenant's: it points at another's.
      const owner = child.role === "tenant" ? null : mine!;
      rows.push(...ground.plant(child, owner, 1, () => ({ parents })));
    }
    return [relationRows(rule, child, relation, rows)];
  };
}

/**
 * A composite key that holds the tenant keeps references inside it. Where it is not there, or proves nothing,
 * the parent is looked up by what tells its rows apart: another tenant's if that is the id alone, none if not.
 */
const pastComposite: Variant = (ground) => {
  const sites = ownedRelations(ground).filter((each) => {
    const { child, relation } = each;
    const isPerTenant = compositeKey(relation.target)?.other.isPerTenant === true;
    return (
      relation.fields.length === 2 && mayCross(each) && mayWeaken(each) && !isPerTenant && child.tenantField
    );
  });
  const site = ground.take(sites, claimsOf);
  if (!site) return undefined;
  const { child, relation } = site;
  const expected = [];
  const state = relation.constraint && ground.unproven(child);
  if (state && ground.dice.chance(0.5)) {
    relation.constraint!.state = state;
    expected.push(unvalidated(child, relation));
  } else if (relation.constraint) {
    relation.constraint = undefined;
    expected.push(missingForeignKey(child, relation));
  }
  const own = relation.fields.findIndex((field) => field !== child.tenantField);
  const rows = Array.from({ length: ground.count() }, () => {
    const [mine, others] = ground.dice.shuffle(ground.rows.tenantsAtLeast(2));
    const value = rowOf(ground, site, others!).values.get(relation.references[own]!)!;
    const values = new Map<(typeof relation.fields)[number], Value>([[relation.fields[own]!, value]]);
    return ground.plant(child, mine!, 1, () => ({ parents: new Map([[relation, null]]), values }))[0]!;
  });
  const isLookedUpAlone = identity(relation.target) === relation.references[own];
  return [...expected, relationRows(isLookedUpAlone ? rule : "db/orphan-rows", child, relation, rows)];
};

export const crossTenantReference: Fault = {
  rule,
  variants: [
    crossing(
      ({ child, relation }) => child.tenantField !== undefined && relation.target.tenantField !== undefined,
    ),
    crossing(({ child }) => child.tenantField === undefined),
    crossing(({ relation }) => relation.target.tenantField === undefined),
    crossing(({ child, relation }) => relation.target === child),
    crossing(({ child }) => child.role === "join"),
    crossing(({ child }) => child.role === "tenant"),
    pastComposite,
  ],
};
