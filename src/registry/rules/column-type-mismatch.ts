import type { FindingDraft } from "../../findings/finding.js";
import type { RegistryContext } from "../context.js";
import type { Field, Model } from "../schema/types.js";
import { fieldNamed, singleId } from "../tenancy/columns.js";

/** A scope column whose type is not the type of the key that it holds: no foreign key can join them. */
export function columnTypeMismatch({ models, tenancy }: RegistryContext): FindingDraft[] {
  return models.flatMap(({ model, tenantField, subScopes }) => {
    const drafts: FindingDraft[] = [];
    if (tenantField) {
      const key = referencedKey(model, tenantField, tenancy.model) ?? tenancy.key;
      drafts.push(...compare(model, tenantField, tenancy.model, key));
    }
    for (const { subScope, field } of subScopes) {
      const key = referencedKey(model, field, subScope.model) ?? singleId(subScope.model);
      if (key) drafts.push(...compare(model, field, subScope.model, key));
    }
    // Two scopes may share a column; what is wrong with it is said once.
    return [...new Map(drafts.toReversed().map((draft) => [draft.subject.field, draft])).values()].reverse();
  });
}

/** The field that a relation lets a column hold; undefined where no relation says so. */
function referencedKey(model: Model, field: Field, target: Model): Field | undefined {
  const relation = model.relations.find(
    (each) => each.target === target.name && each.fields.includes(field.name),
  );
  const referenced = relation?.references[relation.fields.indexOf(field.name)];
  return referenced === undefined ? undefined : fieldNamed(target, referenced);
}

function compare(model: Model, field: Field, target: Model, key: Field): FindingDraft[] {
  if (typeFamily(field) === typeFamily(key)) return [];
  return [
    {
      rule: "registry/column-type-mismatch",
      subject: { model: model.name, field: field.name, table: model.table, ...field.location },
      message: `${model.name}.${field.name} is ${typeName(field)} and ${target.name}.${key.name} is ${typeName(key)}`,
      remedy: `Give ${model.name}.${field.name} the type ${typeName(key)}, with a migration that converts the column.`,
      evidence: { type: typeName(field), expected: typeName(key) },
    },
  ];
}

/** Text of any length is one type here; integers of different widths are not: the narrower one overflows. */
function typeFamily({ type, nativeType, isList }: Field): string {
  const native = nativeType?.[0] ?? "";
  const list = isList ? "[]" : "";
  const isText = type === "String" && ["", "Text", "VarChar", "Char"].includes(native);
  const isInteger = type === "Int" && ["", "Integer", "Int"].includes(native);
  const isBigInt = type === "BigInt" && ["", "BigInt"].includes(native);
  const family = isText || isInteger || isBigInt ? type : `${type}.${native}`;
  return family + list;
}

function typeName({ type, nativeType, isList }: Field): string {
  const [native, parameters] = nativeType ?? [];
  const suffix = native ? ` @db.${native}${parameters?.length ? `(${parameters.join(", ")})` : ""}` : "";
  return `${type}${isList ? "[]" : ""}${suffix}`;
}
