import { quoteIdentifier } from "../../adapters/sql-file.js";
import type { PrismaSide, SchemaEdit } from "../../findings/finding.js";
import { storedName } from "../application.js";
import type { AuditedTable } from "../audited-table.js";

/** What to run, statement by statement, and what keeps Prisma's next migration from colliding with it. */
export interface Remedy {
  readonly remedy: string;
  readonly remedySteps: readonly string[];
  readonly remedyPrisma?: PrismaSide;
}

export const asMigration =
  "add the statements as a migration, and mark it as run, on each database where they ran, with npx prisma migrate resolve --applied";

/** The Prisma side of a remedy; none for a table that the schema does not have. */
export function prismaSide(
  schema: readonly SchemaEdit[],
  migration: readonly string[],
): Pick<Remedy, "remedyPrisma"> {
  return { remedyPrisma: { schema, migration } };
}

/**
 * A table as Prisma's migrations name it: with its schema only where the model says `@@schema`, since the
 * others stand wherever the connection points.
 */
export function migratedName({ table, registered, joinTable }: AuditedTable): string {
  const declared = registered ? registered.model.schema : (joinTable?.schema ?? null);
  const name = quoteIdentifier(table.name);
  return declared === null ? name : `${quoteIdentifier(table.schema)}.${name}`;
}

/** The model's field for a column; the column's own name where the schema has none. */
export function fieldOf({ registered }: AuditedTable, column: string): string {
  return registered?.model.fields.find((field) => storedName(field.column) === column)?.name ?? column;
}
