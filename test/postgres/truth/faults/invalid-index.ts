import type { Key, Model } from "../application.js";
import { type Expected, tableOf } from "../expected.js";
import { leadingKeys } from "../ownership.js";
import type { Fault } from "./ground.js";
import { addKey } from "./parts.js";
import { hasOnlyLeadingIndexes, isScopedTable } from "./sites.js";

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
    // One more than is needed, unique or not.
    (ground) => {
      const model = ground.takeModel((each) => isScopedTable(each) && !each.partitioning, "index");
      if (!model) return undefined;
      const field = ground.dice.pick(
        model.fields.filter(({ type, inDatabase }) => inDatabase && !type.isList),
      );
      const kind = ground.dice.pick(["index", "unique"] as const);
      const key = addKey(ground, model, kind, [field], { inSchema: false, isInvalid: true });
      return [invalid(model, key)];
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
