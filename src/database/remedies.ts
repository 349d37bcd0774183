import { quoteIdentifier } from "../adapters/sql-file.js";
import { storedName } from "./application.js";
import type { Audited } from "./audited.js";
import type { AuditedTable } from "./audited-table.js";
import { partitionsOf } from "./readiness/leading-index.js";
import type { Reference } from "./references.js";
import { qualified } from "./tenant-source.js";

/** What to run, statement by statement, and what keeps Prisma's next migration from colliding with it. */
export interface Remedy {
  readonly remedy: string;
  readonly remedySteps: readonly string[];
}

const asMigration =
  "add the statements as a migration, and mark it as run with npx prisma migrate resolve --applied";

/** An index built without blocking writers, under the name that Prisma gives it where that is free. */
export function createIndex(audited: Audited, owner: AuditedTable, columns: readonly string[]): Remedy {
  const { table, registered } = owner;
  const usual = defaultName(table.name, columns, "idx");
  const name = freeName(usual, (candidate) => isRelation(audited, table.schema, candidate));
  const list = columns.map(quoteIdentifier).join(", ");
  const fields = columns.map((column) => fieldOf(owner, column)).join(", ");
  const map = name === usual ? "" : `, map: "${name}"`;
  const isPartitioned = table.kind === "partitioned";
  const caution = isPartitioned
    ? "A partitioned table has no concurrent build: this one blocks writers, so build on each partition first."
    : "It does not block writers, and can't stand in a transaction.";
  const schemaSide = registered ? ` Keep @@index([${fields}]${map}) in the model, ${asMigration}.` : "";
  return {
    remedy: `Build the index. ${caution}${schemaSide}`,
    remedySteps: [
      `CREATE INDEX${isPartitioned ? "" : " CONCURRENTLY"} ${quoteIdentifier(name)} ON ${qualified(owner)} (${list});`,
    ],
  };
}

/** What a foreign key ties, and what happens when the parent goes. */
export type ForeignKeyShape = Pick<Reference, "child" | "columns" | "parent" | "parentColumns" | "declared">;

/** A foreign key in two steps, so that no long lock is held, as Prisma would declare it. */
export function addForeignKey(audited: Audited, shape: ForeignKeyShape): Remedy {
  const { child, declared } = shape;
  const isEmulated = audited.application.context.schema.relationMode === "prisma";
  const remedy = isEmulated
    ? 'The schema says relationMode = "prisma": the database holds no foreign keys, by design, and Prisma\'s next migration would drop this one. Change it to foreignKeys (or leave it out) first, or suppress the rule with the reason. Then mend the rows without a parent and add the constraint.'
    : `Mend the rows without a parent, then add the constraint: first NOT VALID, which takes a short lock, then VALIDATE, which blocks nobody. ${declared ? `The Prisma schema has the relation already: ${asMigration}.` : "Add the relation to the Prisma schema too, or the next migration drops the constraint."}`;
  const name = foreignKeyName(shape);
  return {
    remedy,
    remedySteps: foreignKeySteps(audited, child, name, [`ADD ${constraintText(name, shape)}`]),
  };
}

/** A constraint in place of another one, in one statement, so that the table is never without. */
export function replaceForeignKey(audited: Audited, shape: ForeignKeyShape, old: string): string[] {
  const name = old.startsWith(`${shape.child.table.name}_`) ? old : foreignKeyName(shape);
  return foreignKeySteps(audited, shape.child, name, [
    `DROP CONSTRAINT ${quoteIdentifier(old)}`,
    `ADD ${constraintText(name, shape)}`,
  ]);
}

/** From which version on a partitioned table takes NOT VALID. */
const partitionedNotValid = 180_000;

function foreignKeySteps(audited: Audited, child: AuditedTable, name: string, actions: string[]): string[] {
  const table = qualified(child);
  const validate = `VALIDATE CONSTRAINT ${quoteIdentifier(name)}`;
  const isOlder = audited.catalog.server.versionNumber < partitionedNotValid;
  if (child.table.kind !== "partitioned" || !isOlder) {
    return [`ALTER TABLE ${table} ${actions.join(", ")} NOT VALID;`, `ALTER TABLE ${table} ${validate};`];
  }
  // A leaf that has the constraint already is attached to the parent's without a scan.
  const leaves = partitionsOf(child.table, audited).filter((part) => part.kind === "table");
  const add = actions.at(-1)!;
  return [
    ...leaves.flatMap(({ schema, name: leaf }) => {
      const part = `${quoteIdentifier(schema)}.${quoteIdentifier(leaf)}`;
      return [`ALTER TABLE ${part} ${add} NOT VALID;`, `ALTER TABLE ${part} ${validate};`];
    }),
    `ALTER TABLE ${table} ${actions.join(", ")};`,
  ];
}

function constraintText(name: string, shape: ForeignKeyShape): string {
  const { columns, parent, parentColumns } = shape;
  const { onDelete, onUpdate } = actionsOf(shape);
  const list = (names: readonly string[]) => names.map(quoteIdentifier).join(", ");
  return `CONSTRAINT ${quoteIdentifier(name)} FOREIGN KEY (${list(columns)}) REFERENCES ${qualified(parent)} (${list(parentColumns)}) ON DELETE ${onDelete} ON UPDATE ${onUpdate}`;
}

const sqlActions: Readonly<Record<string, string>> = {
  Cascade: "CASCADE",
  Restrict: "RESTRICT",
  NoAction: "NO ACTION",
  SetNull: "SET NULL",
  SetDefault: "SET DEFAULT",
};

/** As the relation says; Prisma's own choice for join tables; where nothing is declared, its default. */
function actionsOf({ declared }: ForeignKeyShape): { onDelete: string; onUpdate: string } {
  if (declared === "implicit") return { onDelete: "CASCADE", onUpdate: "CASCADE" };
  return {
    onDelete: sqlActions[declared?.onDelete ?? ""] ?? "RESTRICT",
    onUpdate: sqlActions[declared?.onUpdate ?? ""] ?? "CASCADE",
  };
}

function foreignKeyName({ child, columns }: ForeignKeyShape): string {
  const taken = new Set(child.table.foreignKeys.map(({ name }) => name));
  return freeName(defaultName(child.table.name, columns, "fkey"), (candidate) => taken.has(candidate));
}

/** `<table>_<columns>_<suffix>`, cut as Prisma cuts it: the table's part gives way, the suffix stays. */
export function defaultName(table: string, columns: readonly string[], suffix: string): string {
  const whole = `${table}_${columns.join("_")}_${suffix}`;
  if (storedName(whole) === whole) return whole;
  const room = Buffer.byteLength(storedName(whole)) - Buffer.byteLength(`_${suffix}`);
  return `${cutBytes(whole, room)}_${suffix}`;
}

function cutBytes(text: string, bytes: number): string {
  const characters = [...text];
  while (Buffer.byteLength(characters.join("")) > bytes) characters.pop();
  return characters.join("");
}

/** The name, or the same with a number where it is taken. */
function freeName(name: string, isTaken: (candidate: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? "" : `_${number}`;
    const candidate = `${cutBytes(name, 63 - suffix.length)}${suffix}`;
    if (!isTaken(candidate)) return candidate;
  }
}

/** Tables, views and indexes of one schema share their names. */
function isRelation({ catalog }: Audited, schema: string, name: string): boolean {
  return catalog.tables.some(
    (table) =>
      table.schema === schema && (table.name === name || table.indexes.some((index) => index.name === name)),
  );
}

function fieldOf({ registered }: AuditedTable, column: string): string {
  return registered?.model.fields.find((field) => storedName(field.column) === column)?.name ?? column;
}
