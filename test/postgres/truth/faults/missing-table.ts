import type { Model } from "../application.js";
import { column, type Expected, tableOf } from "../expected.js";
import type { Fault, Ground } from "./ground.js";
import { hasUsualName, isLeaf, isListed } from "./sites.js";

const rule = "db/missing-table";

function takeLeaf(ground: Ground, fits: (model: Model) => boolean): Model | undefined {
  return ground.takeModel(
    (each) => isListed(each) && !["tenant", "unit"].includes(each.role) && isLeaf(ground, each) && fits(each),
  );
}

export const missingTable: Fault = {
  rule,
  variants: [
    (ground) => {
      const model = takeLeaf(ground, () => true);
      if (!model) return undefined;
      model.inDatabase = false;
      return [{ rule, subject: tableOf(model) }];
    },
    // The table is there under another name, so one that no model stands for is there as well.
    (ground) => {
      const model = takeLeaf(ground, ({ view, role }) => view === undefined && role !== "shared");
      if (!model) return undefined;
      const missing: Expected = { rule, subject: tableOf(model) };
      model.databaseTable = ground.name(model.name);
      if (!hasUsualName(ground, model)) return [missing];
      const { schema, table } = tableOf(model);
      const { column: name } = column("db/unmapped-table", model, model.tenantField!).subject;
      return [
        missing,
        { rule: "db/unmapped-table", subject: { schema: schema!, table: table!, column: name! } },
      ];
    },
  ],
};
