import { unvalidated } from "../expected.js";
import { incoming } from "../ownership.js";
import type { Fault, Variant } from "./ground.js";
import { claimsOf, hasView, loneTies, ownedRelations } from "./sites.js";

/** Every row has its parent, and nothing proves it. */
const tie: Variant = (ground) => {
  const sites = loneTies(ground).filter(({ relation }) => !relation.constraint!.onPartitions);
  const site = ground.take(sites, ({ child }) => [{ model: child, part: "tie" }]);
  const state = site && ground.unproven(site.child);
  if (!state) return undefined;
  site.relation.constraint!.state = state;
  return [unvalidated(site.child, site.relation)];
};

const owned: Variant = (ground) => {
  const sites = ownedRelations(ground).filter(({ relation }) => relation.constraint);
  const site = ground.take(sites, claimsOf);
  const state = site && ground.unproven(site.child);
  if (!state) return undefined;
  site.relation.constraint!.state = state;
  return [unvalidated(site.child, site.relation)];
};

/** Triggers switched off on a table: no constraint of it is checked any more. */
const switchedOff: Variant = (ground) => {
  const model = ground.takeModel((each) => {
    const isChild = each.relations.length > 0 && each.relations.every(({ constraint }) => constraint);
    const isTable = ["scoped", "sub-scoped", "special"].includes(each.role) && !each.partitioning;
    const isParent = incoming(ground.models, each).length > 0;
    return isTable && each.inDatabase && isChild && !isParent && !hasView(ground, each);
  });
  if (!model) return undefined;
  return model.relations.map((relation) => {
    relation.constraint!.areTriggersDisabled = true;
    return unvalidated(model, relation);
  });
};

export const unvalidatedForeignKey: Fault = {
  rule: "db/unvalidated-foreign-key",
  variants: [tie, owned, switchedOff],
};
