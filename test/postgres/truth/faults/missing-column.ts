import { column } from "../expected.js";
import { leadingKeys } from "../ownership.js";
import type { Fault } from "./ground.js";
import { hasView, isScopedTable, isTenantColumnFree, tiedThrough } from "./sites.js";

const rule = "db/missing-column";

/** The migration that adds the column was not applied: no key or constraint that holds it is there either. */
export const missingColumn: Fault = {
  rule,
  variants: [
    (ground) => {
      // Without any foreign key, what else is said of such a table hangs on the column that is not there.
      if (ground.application.relationMode === "prisma") return undefined;
      const model = ground.takeModel(
        (each) =>
          isScopedTable(each) &&
          isTenantColumnFree(ground, each) &&
          !hasView(ground, each) &&
          tiedThrough(ground, each).length === 0,
      );
      if (!model) return undefined;
      model.tenantField!.inDatabase = false;
      return [column(rule, model, model.tenantField!)];
    },
    (ground) => {
      const model = ground.takeModel((each) => {
        const { unitField } = each;
        const holds = each.relations.filter(({ fields }) => unitField && fields.includes(unitField));
        const isInIndex = leadingKeys(each).some(({ fields }) => unitField && fields.includes(unitField));
        const isApart = !isInIndex && holds.every(({ fields }) => fields.length === 1);
        return each.role === "sub-scoped" && isApart;
      });
      if (!model) return undefined;
      model.unitField!.inDatabase = false;
      return [column(rule, model, model.unitField!)];
    },
  ],
};
