import { registryModel } from "../expected.js";
import { belongs, pathRelation } from "../ownership.js";
import type { Fault } from "./ground.js";
import { entryOf, isGuarded, isLeaf, replaceEntry } from "./sites.js";

const rule = "registry/special-without-path";

export const specialWithoutPath: Fault = {
  rule,
  variants: [
    // The one relation that leads to a tenant may be empty.
    (ground) => {
      const model = ground.takeModel((each) => {
        const ways = each.relations.filter(
          ({ target, fields }) =>
            belongs(target) && target !== each && fields.every(({ required }) => required),
        );
        const isKey = ways.some(({ fields }) =>
          each.keys.some((key) => key.kind === "id" && key.fields.includes(fields[0]!)),
        );
        const isOnly = ways.length === 1 && !isKey && !isGuarded(each, ways[0]!);
        return each.role === "special" && isOnly && isLeaf(ground, each);
      });
      if (!model) return undefined;
      for (const field of pathRelation(model)!.fields) {
        field.required = false;
        field.notNull = false;
      }
      return [registryModel(rule, model.name)];
    },
    // A model that no relation leads from, registered as special.
    (ground) => {
      const model = ground.takeModel(
        ({ role, tenantField }) => role === "global" || (role === "view" && !tenantField),
        "entry",
      );
      const entry = model && entryOf(ground, model);
      if (!entry) return undefined;
      replaceEntry(ground, entry, { ...entry, category: "special" });
      return [registryModel(rule, model.name)];
    },
  ],
};
