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

/** It is named as the schema names it: no database has cut the name yet. */
function missing(model: Model): Expected {
  return { rule, subject: { ...tableOf(model), table: model.table } };
}

export const missingTable: Fault = {
  rule,
  variants: [
    (ground) => {
      const model = takeLeaf(ground, () => true);
      if (!model) return undefined;
      model.inDatabase = false;
      return [missing(model)];
    },
    // The table is there under another name, so one that no model stands for is there as well.
    (ground) => {
      const model = takeLeaf(ground, ({ view, role }) => view === undefined && role !== "shared");
      if (!model) return undefined;
      const expected = missing(model);
      model.databaseTable = ground.name(model.name);
      if (!hasUsualName(ground, model)) return [expected];
      const { schema, table } = tableOf(model);
      const { column: name } = column("db/unmapped-table", model, model.tenantField!).subject;
      return [
        expected,
        { rule: "db/unmapped-table", subject: { schema: schema!, table: table!, column: name! } },
      ];
    },
  ],
};
