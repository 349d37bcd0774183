import { registryModel } from "../expected.js";
import { lowerFirst } from "../words.js";
import type { Fault } from "./ground.js";
import { entryOf, isListed, replaceEntry } from "./sites.js";

export const nameCase: Fault = {
  rule: "registry/name-case",
  variants: [
    (ground) => {
      const model = ground.takeModel(isListed, "entry");
      const entry = model && entryOf(ground, model);
      if (!entry) return undefined;
      const spellings = [lowerFirst(entry.name), entry.name.toLowerCase(), entry.name.toUpperCase()];
      const others = spellings.filter((name) => name !== entry.name);
      replaceEntry(ground, entry, { ...entry, name: ground.dice.pick(others) });
      return [registryModel("registry/name-case", model.name)];
    },
  ],
};
