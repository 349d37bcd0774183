import { registryField } from "../expected.js";
import type { Fault, Variant } from "./ground.js";
import { entryOf, isScopedTable, replaceEntry } from "./sites.js";

const rule = "registry/scoped-without-column";

/** A model without the tenant column, registered as if it had one. */
function asTenantScoped(role: "global" | "special" | "tenant" | "view"): Variant {
  return (ground) => {
    const { tenant, tenantFieldName } = ground.application;
    const model = ground.takeModel((each) => {
      const pointsAtTenant = each.relations.some(({ target }) => target === tenant);
      return each.role === role && !each.tenantField && (role === "tenant" || !pointsAtTenant);
    }, "entry");
    const entry = model && entryOf(ground, model);
    if (!entry) return undefined;
    replaceEntry(ground, entry, { ...entry, category: "tenant-scoped" });
    return [registryField(rule, model, tenantFieldName)];
  };
}

/** A model with the tenant's column and without the unit's, registered as sub-scoped. */
const asSubScoped: Variant = (ground) => {
  const { unit, unitFieldName, style } = ground.application;
  if (!unit || style.units !== "config") return undefined;
  const model = ground.takeModel((each) => {
    const holdsUnit = each.fields.some(
      ({ name, column }) => name === unitFieldName || column === unitFieldName,
    );
    return isScopedTable(each) && !holdsUnit && each !== unit;
  }, "entry");
  const entry = model && entryOf(ground, model);
  if (!entry) return undefined;
  replaceEntry(ground, entry, { ...entry, category: "sub-scoped" });
  return [registryField(rule, model, unitFieldName)];
};

export const scopedWithoutColumn: Fault = {
  rule,
  variants: [
    asTenantScoped("global"),
    asTenantScoped("special"),
    asTenantScoped("tenant"),
    asTenantScoped("view"),
    asSubScoped,
  ],
};
