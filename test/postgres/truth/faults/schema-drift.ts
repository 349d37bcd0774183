import type { Field, Model } from "../application.js";
import type { Dice } from "../dice.js";
import { columnsOf, tableOf } from "../expected.js";
import { belongs, identity, incoming } from "../ownership.js";
import { keyTypes, plainTypes, textType } from "../scalars.js";
import type { Fault, Ground, Variant } from "./ground.js";
import { addField, addKey } from "./parts.js";
import { isListed } from "./sites.js";

const rule = "db/schema-drift";

function drift(model: Model, fields: readonly Field[]) {
  return [{ rule, subject: { ...tableOf(model), column: columnsOf(fields) } } as const];
}

function takeTable(ground: Ground, fits: (model: Model) => boolean = () => true): Model | undefined {
  return ground.takeModel((each) => isListed(each) && each.inDatabase && !each.view && fits(each), "columns");
}

/** A column that the database lacks. */
const missing: Variant = (ground) => {
  const model = takeTable(ground);
  if (!model) return undefined;
  const type = ground.dice.pick(plainTypes);
  const more = { inDatabase: false, required: type.isList === true || ground.dice.chance(0.5) };
  return drift(model, [addField(ground, model, "addedLater", type, more)]);
};

/** A column of another type. */
const otherType: Variant = (ground) => {
  const model = takeTable(ground);
  if (!model) return undefined;
  const [type, databaseType] = ground.dice.pick([
    [keyTypes.int, "bigint"],
    [keyTypes.int, "text"],
    [{ ...keyTypes.bigint, value: (_: Dice, number: number) => number }, "integer"],
    [keyTypes.varchar, "character varying(20)"],
    [textType, "character(30)"],
    [keyTypes.uuid, "text"],
  ] as const);
  return drift(model, [addField(ground, model, "differs", type, { databaseType })]);
};

/** NOT NULL on one side only. */
const nullability: Variant = (ground) => {
  const model = takeTable(ground);
  if (!model) return undefined;
  const required = ground.dice.chance(0.5);
  return drift(model, [addField(ground, model, "maybe", textType, { required, notNull: !required })]);
};

/** A unique key that the database lacks, or has for some rows only. */
const uniqueKey: Variant = (ground) => {
  const model = takeTable(ground, (each) => each.tenantField !== undefined && each.role !== "tenant");
  if (!model) return undefined;
  const field = addField(ground, model, "serial", textType);
  const fields = [field, model.tenantField!];
  addKey(ground, model, "unique", fields, { inDatabase: false });
  if (ground.dice.chance(0.3)) {
    addKey(ground, model, "unique", fields, { inSchema: false, predicate: "partial" });
  }
  return drift(model, fields);
};

/** No primary key. */
const primaryKey: Variant = (ground) => {
  const model = ground.takeModel((each) => {
    const isReferenced = incoming(ground.models, each).length > 0;
    const isTable = isListed(each) && each.inDatabase && !each.view && !each.partitioning;
    return isTable && !isReferenced && identity(each) !== undefined;
  });
  const id = model?.keys.find(({ kind, fields }) => kind === "id" && fields[0] !== model.tenantField);
  if (!model || !id) return undefined;
  id.inDatabase = false;
  return drift(model, id.fields);
};

/** A foreign key missing where one of the two tables belongs to no tenant. */
const foreignKey: Variant = (ground) => {
  const sites = ground.models.flatMap((child) =>
    child.relations
      .filter(
        ({ target, declared, constraint }) => declared && constraint && !(belongs(child) && belongs(target)),
      )
      .map((relation) => ({ child, relation })),
  );
  const site = ground.take(sites, ({ child, relation }) => [
    { model: child, part: `relation ${relation.name}` },
    { model: child, part: "way", isShared: true },
  ]);
  if (!site) return undefined;
  site.relation.constraint = undefined;
  return drift(site.child, site.relation.fields);
};

export const schemaDrift: Fault = {
  rule,
  variants: [missing, otherType, nullability, uniqueKey, primaryKey, foreignKey],
};
