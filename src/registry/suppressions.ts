import type { Suppression } from "../findings/suppress.js";
import type { PrismaSchema } from "./schema/types.js";

/**
 * The `/// tenantctl-ignore` comments of a schema: on a model they cover all that the rule finds there, on a
 * field only what it finds on that field or its column.
 */
export function schemaSuppressions(schema: PrismaSchema): Suppression[] {
  return schema.models.flatMap((model) => [
    ...model.suppressions.map(({ rule, reason, until }) => ({
      rule,
      reason,
      until,
      subjects: [{ model: model.name }, { table: model.table }],
    })),
    ...model.fields.flatMap((field) =>
      field.suppressions.map(({ rule, reason, until }) => ({
        rule,
        reason,
        until,
        subjects: [
          { model: model.name, field: field.name },
          { model: model.name, column: field.column },
        ],
      })),
    ),
  ]);
}
