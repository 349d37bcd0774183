import { column, registryField } from "../expected.js";
import type { Fault } from "./ground.js";
import { isScopedTable, isTenantColumnFree } from "./sites.js";

/**
 * The schema says optional, the database NOT NULL: two facts, what the schema allows and that the two
 * disagree. Where the database allows null too, the finding is the database's (`db/nullable-column`).
 */
export const registryNullableColumn: Fault = {
  rule: "registry/nullable-column",
  variants: [
    (ground) => {
      const model = ground.takeModel(
        (each) => isScopedTable(each) && isTenantColumnFree(ground, each),
        "null",
        "way",
      );
      if (!model) return undefined;
      model.tenantField!.required = false;
      return [
        registryField("registry/nullable-column", model, model.tenantField!),
        column("db/schema-drift", model, model.tenantField!),
      ];
    },
  ],
};
