import type { Field, Model } from "../application.js";
import { wrongTarget } from "../expected.js";
import type { Fault, Ground, Variant } from "./ground.js";
import { addField, addKey, addTable } from "./parts.js";
import {
  claimsOf,
  hasUsualName,
  isCoveredInSchema,
  loneTies,
  othersPointAtTenant,
  ownedRelations,
} from "./sites.js";

/** A left-over with the same keys: no model, no tenant column. */
function leftOver(ground: Ground, original: Model, key: Field): { model: Model; fields: Field[] } {
  const model = addTable(ground, "stranger", original.schema, ground.name("left over"));
  const id = addField(ground, model, "id", key.type);
  addKey(ground, model, "id", [id], { inSchema: false });
  return { model, fields: [id] };
}

/** Copies the keys when all rows are there: see `fillLeftOvers`. */
const originals = new WeakMap<Model, { original: Model; key: Field }>();

/** Gives each left-over table a row for every row of its original, so that the constraint on it holds. */
export function fillLeftOvers(models: readonly Model[]): void {
  for (const model of models) {
    const source = originals.get(model);
    const [id] = model.fields;
    model.rows = !source
      ? model.rows
      : source.original.rows.map((row) => ({
          owner: null,
          isPlanted: true,
          values: new Map([[id!, row.values.get(source.key)!]]),
        }));
  }
}

const tie: Variant = (ground) => {
  const isDeclared = ground.dice.chance(0.6);
  const sites = loneTies(ground).filter(
    ({ child, relation }) =>
      !relation.constraint!.onPartitions &&
      (isDeclared ||
        (hasUsualName(ground, child) && !isCoveredInSchema(child) && othersPointAtTenant(ground, child))),
  );
  const site = ground.take(sites, ({ child }) => [{ model: child, part: "tie" }]);
  if (!site) return undefined;
  const { tenant, tenantKey } = ground.application;
  const elsewhere = leftOver(ground, tenant, tenantKey);
  originals.set(elsewhere.model, { original: tenant, key: tenantKey });
  site.relation.constraint!.elsewhere = elsewhere;
  site.relation.declared = isDeclared;
  return [wrongTarget(site.child, site.relation)];
};

const owned: Variant = (ground) => {
  const sites = ownedRelations(ground).filter(
    ({ relation }) => relation.declared && relation.constraint && relation.fields.length === 1,
  );
  const site = ground.take(sites, claimsOf);
  if (!site) return undefined;
  const { target, references } = site.relation;
  const elsewhere = leftOver(ground, target, references[0]!);
  originals.set(elsewhere.model, { original: target, key: references[0]! });
  site.relation.constraint!.elsewhere = elsewhere;
  return [wrongTarget(site.child, site.relation)];
};

export const wrongForeignKeyTarget: Fault = {
  rule: "db/wrong-foreign-key-target",
  variants: [tie, owned],
};
