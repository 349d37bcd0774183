import type { Subject } from "../findings/finding.js";
import type { Suppression } from "../findings/suppress.js";
import type { InlineSuppression, KeyKind, Model, PrismaSchema } from "./schema/types.js";

/**
 * The `/// tenantctl-ignore` comments of a schema: on a model they cover all that the rule finds there; on a
 * field, a relation or a unique key only what it finds on those columns, and on the key's index.
 */
export function schemaSuppressions(schema: PrismaSchema): Suppression[] {
  const models = schema.models.flatMap((model) => [
    ...cover(model.suppressions, [{ model: model.name }]),
    ...model.fields.flatMap((field) =>
      cover(field.suppressions, [
        { model: model.name, field: field.name },
        { model: model.name, column: field.column },
      ]),
    ),
    ...model.relations
      .filter(({ fields }) => fields.length > 1)
      .flatMap((relation) => cover(relation.suppressions, [listed(model, relation.fields)])),
    ...model.keys.flatMap((key) => {
      const { column } = listed(model, key.fields);
      const index = key.name ?? [model.table, ...column.split(", "), suffixes[key.kind]].join("_");
      return cover(key.suppressions, [
        { model: model.name, field: key.fields.join(", ") },
        { model: model.name, column },
        { model: model.name, index },
      ]);
    }),
  ]);
  const joined = schema.joinTables.flatMap(({ table, suppressions }) => cover(suppressions, [{ table }]));
  return [...models, ...joined];
}

const suffixes: Readonly<Record<KeyKind, string>> = { id: "pkey", unique: "key", index: "idx" };

/** Columns of a key or a relation, as a finding lists them. */
function listed(model: Model, fields: readonly string[]): { model: string; column: string } {
  const columns = fields.map((name) => model.fields.find((field) => field.name === name)?.column ?? name);
  return { model: model.name, column: columns.join(", ") };
}

function cover(suppressions: readonly InlineSuppression[], subjects: readonly Subject[]): Suppression[] {
  return suppressions.map(({ rule, reason, until }) => ({ rule, reason, until, subjects }));
}
