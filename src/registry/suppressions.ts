import type { Subject } from "../findings/finding.js";
import type { Suppression } from "../findings/suppress.js";
import type { InlineSuppression, PrismaSchema } from "./schema/types.js";

/**
 * The `/// tenantctl-ignore` comments of a schema: on a model they cover all that the rule finds there; on a
 * field, a relation or a unique key only what it finds on those columns.
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
    ...model.keys.flatMap((key) => {
      const columns = key.fields.map(
        (name) => model.fields.find((field) => field.name === name)?.column ?? name,
      );
      return cover(key.suppressions, [
        { model: model.name, field: key.fields.join(", ") },
        { model: model.name, column: columns.join(", ") },
      ]);
    }),
  ]);
  const joined = schema.joinTables.flatMap(({ table, suppressions }) => cover(suppressions, [{ table }]));
  return [...models, ...joined];
}

function cover(suppressions: readonly InlineSuppression[], subjects: readonly Subject[]): Suppression[] {
  return suppressions.map(({ rule, reason, until }) => ({ rule, reason, until, subjects }));
}
