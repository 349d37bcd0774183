import type { Category } from "../application.js";
import { registryField } from "../expected.js";
import type { Fault, Variant } from "./ground.js";
import { entryOf, hasUsualName, isScopedTable, replaceEntry } from "./sites.js";

/** A model with the tenant column, registered as if it had none. */
function registeredAs(category: Category): Variant {
  return (ground) => {
    const model = ground.takeModel(
      (each) =>
        hasUsualName(ground, each) &&
        (isScopedTable(each) || (each.role === "view" && each.tenantField?.required === true)),
    );
    const entry = model && entryOf(ground, model);
    if (!entry) return undefined;
    replaceEntry(ground, entry, { ...entry, category });
    return [registryField("registry/column-without-scope", model, model.tenantField!)];
  };
}

export const columnWithoutScope: Fault = {
  rule: "registry/column-without-scope",
  variants: [registeredAs("global"), registeredAs("special")],
};
