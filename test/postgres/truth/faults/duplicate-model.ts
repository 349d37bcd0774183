import type { Category } from "../application.js";
import { registryModel } from "../expected.js";
import type { Fault, Variant } from "./ground.js";
import { entryOf, isListed } from "./sites.js";

/** Of two categories the one that asks more decides, so a second, milder one is a repetition and no more. */
const milder: Readonly<Record<Category, readonly Category[]>> = {
  "sub-scoped": ["tenant-scoped", "global", "special"],
  "tenant-scoped": ["global", "special"],
  special: ["global"],
  global: [],
};

function repeat(inSameList: boolean): Variant {
  return (ground) => {
    const { registry, style } = ground.application;
    // A list that is computed or is a set shows its names once, however often they are written.
    if (style.registry === "computed" || style.registry === "sets") return undefined;
    const model = ground.takeModel(isListed, "entry");
    const entry = model && entryOf(ground, model);
    if (!entry) return undefined;
    const other = inSameList ? entry.category : ground.dice.pickMaybe(milder[entry.category]);
    registry.push({ ...entry, category: other ?? entry.category });
    return [registryModel("registry/duplicate-model", entry.name)];
  };
}

export const duplicateModel: Fault = {
  rule: "registry/duplicate-model",
  variants: [repeat(true), repeat(false)],
};
