import { column } from "../expected.js";
import type { Fault } from "./ground.js";
import { takeNullable } from "./null-tenant-rows.js";

/** Null is possible and no row has it yet. The schema may say the same: the defect is reported once. */
export const nullableColumn: Fault = {
  rule: "db/nullable-column",
  variants: [
    (ground) => {
      const model = takeNullable(ground);
      if (!model) return undefined;
      model.tenantField!.notNull = false;
      model.tenantField!.required = ground.dice.chance(0.5);
      return [column("db/nullable-column", model, model.tenantField!)];
    },
  ],
};
