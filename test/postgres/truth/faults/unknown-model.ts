import type { Category } from "../application.js";
import { registryModel } from "../expected.js";
import { snakeCase } from "../words.js";
import type { Fault, Ground } from "./ground.js";

/** A name that no model has: a left-over, a slip of the pen, the table's name, a plural. */
function strangerTo({ models, dice }: Ground): string {
  const known = new Set(models.map(({ name }) => name.toLowerCase()));
  const { name } = dice.pick(models.filter(({ role }) => role === "scoped"));
  const wanted = dice.shuffle([
    "LegacyThing",
    `${name}s`,
    name.slice(0, -1),
    `${snakeCase(name)}_old`,
    `My${name}`,
    "Ünïcode",
  ]);
  return wanted.find((each) => each.length > 1 && !known.has(each.toLowerCase()))!;
}

export const unknownModel: Fault = {
  rule: "registry/unknown-model",
  variants: [
    (ground) => {
      const { registry } = ground.application;
      const name = strangerTo(ground);
      if (registry.some((entry) => entry.name === name)) return undefined;
      const unit: Category[] = ground.application.unit ? ["sub-scoped"] : [];
      const category = ground.dice.pick<Category>(["tenant-scoped", "global", "special", ...unit]);
      registry.splice(ground.dice.below(registry.length + 1), 0, { category, name });
      return [registryModel("registry/unknown-model", name)];
    },
  ],
};
