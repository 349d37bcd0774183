import { registryModel } from "../expected.js";
import { isScoped } from "../ownership.js";
import type { Fault } from "./ground.js";
import { entryOf, isListed, replaceEntry } from "./sites.js";

export const unregisteredModel: Fault = {
  rule: "registry/unregistered-model",
  variants: [
    (ground) => {
      const model =
        ground.takeModel((each) => isListed(each) && isScoped(each)) ??
        ground.takeModel((each) => isListed(each) && !isScoped(each), "entry");
      const entry = model && entryOf(ground, model);
      if (!entry) return undefined;
      replaceEntry(ground, entry);
      return [registryModel("registry/unregistered-model", model.name)];
    },
    (ground) => {
      const model = ground.takeModel((each) => isListed(each) && !isScoped(each), "entry");
      const entry = model && entryOf(ground, model);
      if (!entry) return undefined;
      replaceEntry(ground, entry);
      return [registryModel("registry/unregistered-model", model.name)];
    },
  ],
};
