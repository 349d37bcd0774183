import type { Expected } from "../expected.js";
import { textType } from "../scalars.js";
import type { Fault, Variant } from "./ground.js";
import { addField, addKey } from "./parts.js";
import { isScopedTable } from "./sites.js";

const rule = "registry/unique-without-tenant";

/** A value that only one tenant can have tells the others that it is taken. */
function unique(names: readonly string[]): Variant {
  return (ground) => {
    const model = ground.takeModel((each) => isScopedTable(each) && !each.partitioning, "columns");
    if (!model) return undefined;
    const fields = names.map((name) =>
      addField(ground, model, name, textType, ground.dice.chance(0.2) ? { required: false } : {}),
    );
    addKey(ground, model, "unique", fields);
    const expected: Expected = { rule, subject: { model: model.name, field: names.join(", ") } };
    return [expected];
  };
}

export const uniqueWithoutTenant: Fault = {
  rule,
  variants: [unique(["email"]), unique(["series", "serial"])],
};
