import type { Key, Model } from "../application.js";
import { type Expected, tableOf } from "../expected.js";
import { leadingKeys } from "../ownership.js";
import { keyTypes } from "../scalars.js";
import type { Fault } from "./ground.js";
import { addField, addKey } from "./parts.js";
import { hasOnlyLeadingIndexes, isScopedTable, takesRows } from "./sites.js";

const rule = "db/invalid-index";

function invalid(model: Model, { name }: Key): Expected {
  return { rule, subject: { ...tableOf(model), index: name } };
}

export const invalidIndex: Fault = {
  rule,
  variants: [
    // The only one that leads with the tenant: it is one defect, not a missing index as well.
    (ground) => {
      const model = ground.takeModel((each) => {
        const plain = leadingKeys(each).every(({ method }) => method === undefined);
        return isScopedTable(each) && hasOnlyLeadingIndexes(each) && plain && !each.partitioning;
      }, "index");
      if (!model) return undefined;
      const [first, ...others] = leadingKeys(model).filter(({ predicate }) => !predicate);
      for (const key of leadingKeys(model)) key.inDatabase = key === first;
      first!.isInvalid = true;
      if (ground.dice.chance(0.3)) for (const key of [first!, ...others]) key.inSchema = false;
      return [invalid(model, first!)];
    },
    // One more than is needed.
    (ground) => {
      const model = ground.takeModel((each) => isScopedTable(each) && !each.partitioning, "index");
      if (!model) return undefined;
      const field = ground.dice.pick(
        model.fields.filter(({ type, inDatabase }) => inDatabase && !type.isList),
      );
      return [invalid(model, addKey(ground, model, "index", [field], { inSchema: false, isInvalid: true }))];
    },
    // What a unique build leaves that met duplicates.
    (ground) => {
      const model = ground.takeModel(
        (each) => isScopedTable(each) && !each.partitioning && takesRows(each),
        "index",
      );
      if (!model) return undefined;
      const owner = ground.rows.tenantsAtLeast(1)[0]!;
      while (model.rows.length < 2) ground.rows.add(model, owner);
      const field = addField(ground, model, "batch", keyTypes.int, { inSchema: false, required: false });
      for (const row of model.rows) row.values.set(field, 7);
      return [invalid(model, addKey(ground, model, "unique", [field], { inSchema: false, isInvalid: true }))];
    },
    // Of a partitioned table, built on the parent only: it becomes valid with its last partition.
    (ground) => {
      const model = ground.takeModel((each) => each.partitioning !== undefined, "index");
      if (!model) return undefined;
      const field = ground.dice.pick(
        model.fields.filter(({ type, inDatabase }) => inDatabase && !type.isList),
      );
      const key = addKey(ground, model, "index", [field], { inSchema: false, isInvalid: true });
      return [invalid(model, key)];
    },
  ],
};
