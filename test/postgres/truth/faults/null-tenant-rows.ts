import type { Model } from "../application.js";
import { column, tenantRows } from "../expected.js";
import type { Fault, Ground, Variant } from "./ground.js";
import { isScopedTable, isTenantColumnFree, takesRows } from "./sites.js";

/** A scoped table whose tenant column nothing else needs. */
export function takeNullable(ground: Ground): Model | undefined {
  return ground.takeModel(
    (each) => isScopedTable(each) && isTenantColumnFree(ground, each) && takesRows(each),
    "null",
    "way",
  );
}

function nulls(isUnproven: boolean): Variant {
  return (ground) => {
    if (isUnproven && ground.serverVersion < 180_000) return undefined;
    const model = takeNullable(ground);
    if (!model) return undefined;
    const field = model.tenantField!;
    field.notNull = isUnproven ? "unproven" : false;
    if (ground.dice.chance(0.4)) field.required = false;
    const values = new Map([[field, null]]);
    const owner = ground.rows.tenantsAtLeast(1)[0]!;
    const rows = ground.plant(model, owner, ground.count(), () => ({ values }));
    return [column("db/nullable-column", model, field), tenantRows("db/null-tenant-rows", model, rows)];
  };
}

export const nullTenantRows: Fault = {
  rule: "db/null-tenant-rows",
  variants: [nulls(false), nulls(false), nulls(true)],
};
