import type { Field, Model } from "../application.js";
import type { Dice } from "../dice.js";
import { compositeKey, compositesOf } from "../ownership.js";
import { keyTypes, kinOf, textType } from "../scalars.js";
import { databaseName, lowerFirst } from "../words.js";
import type { Builder } from "./builder.js";

type IdStyle = "single" | "composite" | "composite with unique id" | "per tenant" | "tenant";

const idStyles: Readonly<Record<IdStyle, number>> = {
  single: 7,
  composite: 0.8,
  "composite with unique id": 0.8,
  "per tenant": 0.8,
  tenant: 0.4,
};

/** A model with a tenant column of its own: the column, its primary key, later its ties and indexes. */
export function startScoped(
  builder: Builder,
  model: Model,
  tenantKey: Field,
  dice: Dice,
  { isNamedOtherwise = false, isUnit = false },
): void {
  const style = isUnit ? dice.pick(["single", "composite with unique id"] as const) : dice.weigh(idStyles);
  const { tenantFieldName, tenantColumn } = builder.frame;
  // A model of another age names its column in another style; no reserved word, or other tables had it too.
  const columnStyle = dice.pick(["plain", "snake", "upper", "quotes", "emoji", "long"] as const);
  const column = dice.chance(0.9) ? tenantColumn : databaseName(tenantFieldName, columnStyle, 0, dice);
  const addTenant = () => {
    const type = kinOf(tenantKey.type, dice);
    model.tenantField = isNamedOtherwise
      ? builder.field(model, "belongsTo", type, dice)
      : builder.field(model, tenantFieldName, type, dice, { column });
  };
  const isFirst = dice.chance(0.3);
  if (isFirst || style === "tenant") addTenant();
  const id = style === "tenant" ? undefined : addId(builder, model, style, dice);
  if (!model.tenantField) addTenant();
  const tenant = model.tenantField!;
  if (!id) builder.key(model, "id", [tenant]);
  else if (style === "single") builder.key(model, "id", [id]);
  else builder.key(model, "id", dice.chance(0.7) ? [tenant, id] : [id, tenant]);
  if (id && style === "composite with unique id") builder.key(model, "unique", [id]);
  if (id && style === "single" && dice.chance(0.25)) {
    builder.key(model, "unique", dice.chance(0.5) ? [tenant, id] : [id, tenant]);
  }
  const mayPartition = style === "composite" || style === "per tenant";
  if (mayPartition && dice.chance(0.4)) partition(builder, model, tenant, dice);
}

/** The field `id` or `pk`. Where it is unique beside a composite key it is generated: no value to guess. */
function addId(builder: Builder, model: Model, style: IdStyle, dice: Dice): Field {
  if (style === "per tenant") {
    return builder.field(model, "number", keyTypes.int, dice, { isPerTenant: true });
  }
  const type = builder.idType(dice);
  const generator = type.prisma === "String" ? dice.pick(["uuid()", "cuid()"]) : "autoincrement()";
  const isGenerated = style === "composite with unique id" || dice.chance(0.7);
  return builder.field(model, dice.chance(0.85) ? "id" : "pk", type, dice, {
    ...(isGenerated ? { default: generator } : {}),
  });
}

function partition(builder: Builder, model: Model, column: Field, dice: Dice): void {
  const by = dice.pick(["hash", "list"] as const);
  const names = Array.from({ length: 3 }, (_, index) => builder.free(`part_${model.name}_${index}`));
  model.partitioning = { by, column, names };
}

/** The tie to the tenant, and an index that leads with the column, each in one of its forms. */
export function finishScoped(builder: Builder, model: Model, tenant: Model, key: Field, dice: Dice): void {
  const column = model.tenantField!;
  const isCovered = compositesOf(model).some(
    ({ declared, fields }) => declared && fields.every(({ required }) => required),
  );
  const isNamedOtherwise = column.name !== builder.frame.tenantFieldName;
  if (!isCovered || isNamedOtherwise || dice.chance(0.5)) {
    const name = dice.chance(0.8) ? lowerFirst(tenant.name) : "owner";
    const { constraint } = builder.relation(model, name, [column], tenant, [key]);
    if (model.partitioning && dice.chance(0.15)) constraint!.onPartitions = true;
  }
  addLeadingKey(builder, model, column, dice);
  addOtherKeys(builder, model, column, dice);
}

function addLeadingKey(builder: Builder, model: Model, column: Field, dice: Dice): void {
  const hasOne = model.keys.some(({ fields }) => fields[0] === column);
  if (hasOne && dice.chance(0.5)) return;
  const others = model.fields.filter(({ type }) => !type.isList && !/Json|Unsupported/.test(type.prisma));
  const other = dice.pick(others.filter((field) => field !== column).concat(column));
  const onPartitions = model.partitioning && dice.chance(0.3) ? { onPartitions: "all" as const } : {};
  switch (dice.weigh({ plain: 5, composite: 2, hash: 1, notNull: 1 })) {
    case "composite":
      builder.key(model, "index", other === column ? [column] : [column, other], onPartitions);
      break;
    case "hash":
      builder.key(model, "index", [column], { ...onPartitions, method: "hash" });
      break;
    case "notNull":
      builder.key(model, "index", [column], { inDatabase: false });
      builder.key(model, "index", [column], { inSchema: false, predicate: "not null" });
      break;
    default:
      builder.key(model, "index", [column], onPartitions);
  }
}

/** Unique keys that hold the tenant, and indexes that find no tenant's rows. */
function addOtherKeys(builder: Builder, model: Model, column: Field, dice: Dice): void {
  if (dice.chance(0.3)) {
    const slug = builder.field(model, "slug", textType, dice, { required: dice.chance(0.7) });
    builder.key(model, "unique", dice.chance(0.7) ? [column, slug] : [slug, column]);
  }
  if (dice.chance(0.1) && !model.partitioning) {
    const token = builder.field(model, "token", textType, dice, { default: dice.pick(["uuid()", "cuid()"]) });
    builder.key(model, "unique", [token]);
  }
  const decoy = { inSchema: false };
  if (dice.chance(0.1)) builder.key(model, "index", [column], { ...decoy, predicate: "partial" });
  if (dice.chance(0.1)) builder.key(model, "index", [column], { ...decoy, isExpression: true });
  const pair = compositeKey(model);
  if (pair && dice.chance(0.2)) {
    builder.key(model, "index", [pair.other], { ...decoy, include: [column] });
  }
}
