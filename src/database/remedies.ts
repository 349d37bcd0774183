import { quoteIdentifier } from "../adapters/sql-file.js";
import { storedName } from "./application.js";
import type { AuditedTable } from "./audited-table.js";
import { qualified } from "./tenant-source.js";

/** What to run, statement by statement, and what keeps Prisma's next migration from colliding with it. */
export interface Remedy {
  readonly remedy: string;
  readonly remedySteps: readonly string[];
}

/** An index built without blocking writers, under the name that Prisma gives it. */
export function createIndex(audited: AuditedTable, columns: readonly string[]): Remedy {
  const { table, registered } = audited;
  const name = defaultName(table.name, columns, "idx");
  const list = columns.map(quoteIdentifier).join(", ");
  const fields = columns.map((column) => fieldOf(audited, column)).join(", ");
  const isPartitioned = table.kind === "partitioned";
  const concurrently = isPartitioned ? "" : " CONCURRENTLY";
  const caution = isPartitioned
    ? "A partitioned table has no concurrent build: this one blocks writers, so build on each partition first."
    : "It does not block writers, and can't stand in a transaction.";
  return {
    remedy: `Build the index. ${caution} ${prismaSide(registered !== undefined, `@@index([${fields}])`)}`,
    remedySteps: [`CREATE INDEX${concurrently} ${quoteIdentifier(name)} ON ${qualified(audited)} (${list});`],
  };
}

/** A foreign key in two steps, so that no long lock is held. */
export function addForeignKey(
  child: AuditedTable,
  columns: readonly string[],
  parent: AuditedTable,
  parentColumns: readonly string[],
  isDeclared: boolean,
): Remedy {
  const name = quoteIdentifier(defaultName(child.table.name, columns, "fkey"));
  const key = `FOREIGN KEY (${columns.map(quoteIdentifier).join(", ")}) REFERENCES ${qualified(parent)} (${parentColumns.map(quoteIdentifier).join(", ")})`;
  const table = qualified(child);
  const steps =
    child.table.kind === "partitioned"
      ? [`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${key};`]
      : [
          `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${key} NOT VALID;`,
          `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`,
        ];
  const schemaSide = isDeclared
    ? "The Prisma schema has the relation already: add the statements as a migration, and mark it with npx prisma migrate resolve --applied."
    : `Add the relation to the Prisma schema too, or the next migration drops the constraint.`;
  return {
    remedy: `Delete or mend rows without a parent, then add the constraint: first NOT VALID, which takes a short lock, then VALIDATE, which blocks nobody. ${schemaSide}`,
    remedySteps: steps,
  };
}

/** `<table>_<columns>_<suffix>`, cut as Prisma cuts it: the table's part gives way, the suffix stays. */
export function defaultName(table: string, columns: readonly string[], suffix: string): string {
  const whole = `${table}_${columns.join("_")}_${suffix}`;
  if (storedName(whole) === whole) return whole;
  return `${storedName(whole).slice(0, -(suffix.length + 1))}_${suffix}`;
}

function prismaSide(hasModel: boolean, line: string): string {
  return hasModel
    ? `Keep ${line} in the model, add the statement as a migration, and mark it with npx prisma migrate resolve --applied.`
    : "";
}

function fieldOf({ registered }: AuditedTable, column: string): string {
  return registered?.model.fields.find((field) => storedName(field.column) === column)?.name ?? column;
}
