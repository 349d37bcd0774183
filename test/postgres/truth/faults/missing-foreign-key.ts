import { missingForeignKey } from "../expected.js";
import { tenantRelation } from "../ownership.js";
import type { Fault, Variant } from "./ground.js";
import {
  claimsOf,
  hasUsualName,
  isCoveredInDatabase,
  isCoveredInSchema,
  isScopedTable,
  isTenantColumnFree,
  loneTies,
  mayWeaken,
  othersPointAtTenant,
  ownedRelations,
  tiedThrough,
} from "./sites.js";

/** The tenant column's own; the schema may lack the relation too, and the defect is reported once. */
function tie(isDeclared: boolean): Variant {
  return (ground) => {
    const sites = loneTies(ground).filter(
      ({ child }) =>
        isDeclared ||
        (hasUsualName(ground, child) && !isCoveredInSchema(child) && othersPointAtTenant(ground, child)),
    );
    const site = ground.take(sites, ({ child }) => [{ model: child, part: "tie" }]);
    if (!site) return undefined;
    site.relation.constraint = undefined;
    site.relation.declared = isDeclared;
    return [missingForeignKey(site.child, site.relation)];
  };
}

/** A relation between two tables that belong to tenants, a join table's sides too. */
const owned: Variant = (ground) => {
  const sites = ownedRelations(ground).filter(
    (each) => each.relation.declared && each.relation.constraint && mayWeaken(each),
  );
  const site = ground.take(sites, claimsOf);
  if (!site) return undefined;
  site.relation.constraint = undefined;
  return [missingForeignKey(site.child, site.relation)];
};

/** A composite key ties the tenant only where none of its columns is null, and one of them may be. */
const partly: Variant = (ground) => {
  const model = ground.takeModel((child) => {
    const isPartly = child.relations.some(
      ({ declared, constraint, fields }) =>
        declared &&
        constraint &&
        fields.includes(child.tenantField!) &&
        fields.some(({ required }) => !required),
    );
    const relation = tenantRelation(child);
    const fits = isScopedTable(child) && isPartly && relation?.constraint && !isCoveredInSchema(child);
    const mayGo = tiedThrough(ground, child).length === 0 && othersPointAtTenant(ground, child);
    return fits === true && mayGo && hasUsualName(ground, child) && !isCoveredInDatabase(child);
  }, "tie");
  if (!model) return undefined;
  const relation = tenantRelation(model)!;
  relation.constraint = undefined;
  relation.declared = ground.dice.chance(0.5);
  return [missingForeignKey(model, relation)];
};

/** The tenant column's own, of a table that is otherwise as plain as can be. */
const plain: Variant = (ground) => {
  const sites = loneTies(ground).filter(({ child }) => isTenantColumnFree(ground, child));
  const site = ground.take(sites, ({ child }) => [{ model: child, part: "tie" }]);
  if (!site) return undefined;
  site.relation.constraint = undefined;
  return [missingForeignKey(site.child, site.relation)];
};

export const missingForeignKeyFault: Fault = {
  rule: "db/missing-foreign-key",
  variants: [tie(true), tie(false), owned, owned, partly, plain],
};
