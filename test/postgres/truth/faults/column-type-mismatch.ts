import type { Field, Model } from "../application.js";
import { missingForeignKey, registryField } from "../expected.js";
import { tenantRelation } from "../ownership.js";
import { keyTypes } from "../scalars.js";
import type { Fault, Ground, Variant } from "./ground.js";
import {
  hasUsualName,
  hasView,
  isCoveredInSchema,
  isScopedTable,
  isTenantColumnFree,
  othersPointAtTenant,
  tiedThrough,
} from "./sites.js";

const rule = "registry/column-type-mismatch";

function candidate(ground: Ground, fits: (model: Model) => boolean): Model | undefined {
  return ground.takeModel(
    (each) =>
      isScopedTable(each) &&
      hasUsualName(ground, each) &&
      isTenantColumnFree(ground, each) &&
      !isCoveredInSchema(each) &&
      !hasView(ground, each) &&
      tiedThrough(ground, each).length === 0 &&
      othersPointAtTenant(ground, each) &&
      tenantRelation(each)?.constraint !== undefined &&
      fits(each),
  );
}

function isText(field: Field): boolean {
  return field.type === keyTypes.text || field.type === keyTypes.varchar;
}

/** `String` against `String @db.Uuid`: Prisma accepts the relation, PostgreSQL has no foreign key for it. */
const uuidAndText: Variant = (ground) => {
  const { tenantKey } = ground.application;
  if (!isText(tenantKey) && tenantKey.type !== keyTypes.uuid) return undefined;
  // Only a uuid reads as text; other text is no uuid.
  if (isText(tenantKey)) return undefined;
  const model = candidate(ground, () => true);
  if (!model) return undefined;
  model.tenantField!.type = keyTypes.text;
  const relation = tenantRelation(model)!;
  relation.constraint = undefined;
  return [registryField(rule, model, model.tenantField!), missingForeignKey(model, relation)];
};

/** `Int` against `BigInt`: PostgreSQL joins the two, Prisma allows no relation. */
const widths: Variant = (ground) => {
  const { tenantKey } = ground.application;
  const other = { Int: keyTypes.bigint, BigInt: keyTypes.int }[tenantKey.type.prisma];
  // Ids over 2^31 do not fit the narrow column, so only the wide one is planted.
  if (other !== keyTypes.bigint) return undefined;
  const model = candidate(ground, () => true);
  if (!model) return undefined;
  model.tenantField!.type = other;
  const relation = tenantRelation(model)!;
  relation.declared = false;
  const mismatch = registryField(rule, model, model.tenantField!);
  if (ground.dice.chance(0.5)) {
    return [mismatch, registryField("registry/missing-relation", model, model.tenantField!)];
  }
  relation.constraint = undefined;
  return [mismatch, missingForeignKey(model, relation)];
};

/** Numbers in a text column. */
const numberAsText: Variant = (ground) => {
  const { tenantKey } = ground.application;
  if (tenantKey.type.prisma === "String") return undefined;
  const model = candidate(ground, () => true);
  if (!model) return undefined;
  model.tenantField!.type = keyTypes.text;
  const relation = tenantRelation(model)!;
  relation.declared = false;
  relation.constraint = undefined;
  return [registryField(rule, model, model.tenantField!), missingForeignKey(model, relation)];
};

/** The unit's column instead of the tenant's. */
const unitColumn: Variant = (ground) => {
  const model = ground.takeModel((each) => {
    const relation = each.relations.find(({ fields }) => each.unitField && fields.includes(each.unitField));
    return (
      relation?.constraint !== undefined &&
      relation.fields.length === 1 &&
      each.unitField?.type === keyTypes.uuid
    );
  });
  if (!model) return undefined;
  model.unitField!.type = keyTypes.text;
  const relation = model.relations.find(({ fields }) => fields.includes(model.unitField!))!;
  relation.constraint = undefined;
  return [registryField(rule, model, model.unitField!), missingForeignKey(model, relation)];
};

export const columnTypeMismatch: Fault = {
  rule,
  variants: [uuidAndText, widths, numberAsText, unitColumn],
};
