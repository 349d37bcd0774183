import type { Model } from "../application.js";
import { registryModel } from "../expected.js";
import { isScoped } from "../ownership.js";
import type { Fault } from "./ground.js";
import { entryOf, isListed, replaceEntry } from "./sites.js";

/** Without its category a shared model is one with a tenant column that may be null: a fault of its own. */
function isPlain(model: Model): boolean {
  return isListed(model) && !isScoped(model) && model.role !== "shared";
}

export const unregisteredModel: Fault = {
  rule: "registry/unregistered-model",
  variants: [
    (ground) => {
      const model =
        ground.takeModel((each) => isListed(each) && isScoped(each)) ?? ground.takeModel(isPlain, "entry");
      const entry = model && entryOf(ground, model);
      if (!entry) return undefined;
      replaceEntry(ground, entry);
      return [registryModel("registry/unregistered-model", model.name)];
    },
    (ground) => {
      const model = ground.takeModel(isPlain, "entry");
      const entry = model && entryOf(ground, model);
      if (!entry) return undefined;
      replaceEntry(ground, entry);
      return [registryModel("registry/unregistered-model", model.name)];
    },
  ],
};
