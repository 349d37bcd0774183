import type { Key, Model } from "../application.js";
import { column } from "../expected.js";
import { leadingKeys } from "../ownership.js";
import type { Fault, Ground } from "./ground.js";
import { addKey } from "./parts.js";
import { hasOnlyLeadingIndexes, isScopedTable } from "./sites.js";

const rule = "db/missing-index";

function takeIndexes(ground: Ground, fits: (model: Model) => boolean = () => true): Model | undefined {
  return ground.takeModel(
    (each) => isScopedTable(each) && hasOnlyLeadingIndexes(each) && fits(each),
    "index",
  );
}

/** Indexes that look like the one that is missing, and find no tenant's rows. */
function decoys(ground: Ground, model: Model): void {
  const tenant = model.tenantField!;
  const other = model.fields.find((field) => field !== tenant && field.inDatabase && !field.type.isList);
  const shapes: Partial<Key>[] = [{ predicate: "partial" }, { isExpression: true }];
  for (const shape of shapes) {
    if (ground.dice.chance(0.4)) addKey(ground, model, "index", [tenant], { ...shape, inSchema: false });
  }
  const isIndexable = other && !/Json|Unsupported/.test(other.type.prisma);
  if (isIndexable && ground.dice.chance(0.4)) {
    addKey(ground, model, "index", [other, tenant], { inSchema: false });
    addKey(ground, model, "index", [other], { inSchema: false, include: [tenant] });
  }
}

export const missingIndex: Fault = {
  rule,
  variants: [
    // The schema may lack it too: the defect is reported once, by the database.
    (ground) => {
      const model = takeIndexes(ground);
      if (!model) return undefined;
      const isInSchema = ground.dice.chance(0.5);
      for (const key of leadingKeys(model)) {
        key.inDatabase = false;
        key.inSchema &&= isInSchema;
      }
      decoys(ground, model);
      return [column(rule, model, model.tenantField!)];
    },
    // On each partition but one.
    (ground) => {
      const model = takeIndexes(ground, ({ partitioning }) => partitioning !== undefined);
      if (!model) return undefined;
      for (const key of leadingKeys(model)) key.onPartitions = "but one";
      return [column(rule, model, model.tenantField!)];
    },
  ],
};
