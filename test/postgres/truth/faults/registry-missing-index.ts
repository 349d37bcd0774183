import { registryField } from "../expected.js";
import { leadingKeys } from "../ownership.js";
import type { Fault } from "./ground.js";
import { hasOnlyLeadingIndexes, isScopedTable } from "./sites.js";

const rule = "registry/missing-index";

/** The database has the index, the schema has not: the next migration drops it. */
export const registryMissingIndex: Fault = {
  rule,
  variants: [
    (ground) => {
      const model = ground.takeModel((each) => isScopedTable(each) && hasOnlyLeadingIndexes(each), "index");
      if (!model) return undefined;
      for (const key of leadingKeys(model)) key.inSchema = false;
      return [registryField(rule, model, model.tenantField!)];
    },
    (ground) => {
      const isOrdered = (prisma: string) => prisma === "Int" || prisma === "BigInt";
      const model = ground.takeModel((each) => {
        const fits = isScopedTable(each) && isOrdered(each.tenantField!.type.prisma);
        const mayBeBrin = leadingKeys(each).every(({ fields }) => fields.length === 1);
        return fits && mayBeBrin && hasOnlyLeadingIndexes(each);
      }, "index");
      if (!model) return undefined;
      // A BRIN index finds ranges of blocks, not the rows of one tenant.
      for (const key of leadingKeys(model)) key.schemaMethod = "Brin";
      return [registryField(rule, model, model.tenantField!)];
    },
  ],
};
