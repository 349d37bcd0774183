import { quoteIdentifier } from "../../adapters/sql-file.js";
import type { Audited } from "../audited.js";
import type { AuditedTable } from "../audited-table.js";
import type { CatalogForeignKey } from "../catalog/types.js";
import { partitionsOf } from "../readiness/leading-index.js";
import type { Reference } from "../references.js";
import { qualified } from "../tenant-source.js";
import { defaultName, freeConstraintName } from "./names.js";
import { asMigration, type Remedy } from "./remedy.js";

/** What a foreign key ties, and what happens when the parent goes. */
export type ForeignKeyShape = Pick<Reference, "child" | "columns" | "parent" | "parentColumns" | "declared">;

const emulated =
  'The schema says relationMode = "prisma": the database holds no foreign keys, by design, and Prisma\'s next migration would drop this one. Change it to foreignKeys (or leave it out) first, or suppress the rule with the reason. Then mend the rows without a parent and add the constraint.';

/** A foreign key in two steps, so that no long lock is held, as Prisma would declare it. */
export function addForeignKey(audited: Audited, shape: ForeignKeyShape): Remedy {
  const { child } = shape;
  const isEmulated = audited.application.context.schema.relationMode === "prisma";
  const name = nameFor(shape);
  return {
    remedy: isEmulated
      ? emulated
      : `Mend the rows without a parent, then add the constraint: first NOT VALID, which takes a short lock, then VALIDATE, which blocks nobody. ${schemaSide(shape, name)}`,
    remedySteps: inPlace(audited, child, { name, definition: definitionOf(shape) }),
  };
}

/** A constraint in place of another one, in one statement, so that the table is never without. */
export function replaceForeignKey(audited: Audited, shape: ForeignKeyShape, old: string): Remedy {
  const name = old === usualName(shape) ? old : nameFor(shape);
  return {
    remedy: `Mend the rows that the right table lacks, then put the right constraint in the wrong one's place, in one statement, and validate it. ${schemaSide(shape, name)}`,
    remedySteps: inPlace(audited, shape.child, { name, definition: definitionOf(shape), old }),
  };
}

/**
 * A constraint that checks nothing, declared anew with everything that it says. Enabling it in place would
 * hold the table for the whole check, or not check the rows that slipped in at all.
 */
export function redeclareForeignKey(
  audited: Audited,
  child: AuditedTable,
  constraint: CatalogForeignKey,
): string[] {
  const { name, columns, targetSchema, targetTable, targetColumns, onDelete, onUpdate } = constraint;
  const target = `${quoteIdentifier(targetSchema)}.${quoteIdentifier(targetTable)}`;
  const unset = constraint.setOnDelete.length ? ` (${list(constraint.setOnDelete)})` : "";
  const definition = [
    `FOREIGN KEY (${list(columns)}) REFERENCES ${target} (${list(targetColumns)})`,
    constraint.isMatchFull ? "MATCH FULL" : "",
    `ON DELETE ${onDelete}${unset} ON UPDATE ${onUpdate}`,
    constraint.isDeferrable ? `DEFERRABLE${constraint.isDeferred ? " INITIALLY DEFERRED" : ""}` : "",
  ];
  return inPlace(audited, child, { name, definition: definition.filter(Boolean).join(" "), old: name });
}

/** What keeps Prisma's next migration from undoing it. */
function schemaSide(shape: ForeignKeyShape, name: string): string {
  const { child, columns, parent, declared } = shape;
  const map = name === usualName(shape) ? "" : `map: "${name}"`;
  if (declared === "implicit") return `The Prisma schema has the relation already: ${asMigration}.`;
  if (declared) {
    const renamed = map ? `, with ${map} in it since another constraint has the usual name` : "";
    return `The Prisma schema has the relation already${renamed}: ${asMigration}.`;
  }
  const isOptional = columns.some(
    (name) => child.table.columns.find((column) => column.name === name)?.isNotNull !== true,
  );
  const parts = [isOptional ? "onDelete: Restrict" : "", map].filter(Boolean).join(", ");
  const where = parent.registered ? ` to ${parent.registered.model.name}` : "";
  return `Add the relation${where} to the Prisma schema too${parts ? ` (${parts})` : ""}, or the next migration drops the constraint.`;
}

/** From which version on a partitioned table takes NOT VALID. */
const partitionedNotValid = 180_000;

interface Change {
  readonly name: string;
  readonly definition: string;
  /** The constraint to drop in the same statement. */
  readonly old?: string;
}

function inPlace(audited: Audited, child: AuditedTable, { name, definition, old }: Change): string[] {
  const table = qualified(child);
  const constraint = quoteIdentifier(name);
  const drop = old === undefined ? "" : `DROP CONSTRAINT ${quoteIdentifier(old)}, `;
  const change = `ALTER TABLE ${table} ${drop}ADD CONSTRAINT ${constraint} ${definition}`;
  const isOlder = audited.catalog.server.versionNumber < partitionedNotValid;
  if (child.table.kind !== "partitioned" || !isOlder) {
    return [`${change} NOT VALID;`, `ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint};`];
  }
  // A leaf that has the constraint already is attached to the parent's without a scan, whatever its name.
  const leaves = partitionsOf(child.table, audited).filter((part) => part.kind === "table");
  return [
    ...leaves.flatMap((part) => {
      const leaf = `${quoteIdentifier(part.schema)}.${quoteIdentifier(part.name)}`;
      const own = quoteIdentifier(freeConstraintName(part, name));
      return [
        `ALTER TABLE ${leaf} ADD CONSTRAINT ${own} ${definition} NOT VALID;`,
        `ALTER TABLE ${leaf} VALIDATE CONSTRAINT ${own};`,
      ];
    }),
    `${change};`,
  ];
}

function definitionOf(shape: ForeignKeyShape): string {
  const { columns, parent, parentColumns } = shape;
  const { onDelete, onUpdate } = actionsOf(shape);
  return `FOREIGN KEY (${list(columns)}) REFERENCES ${qualified(parent)} (${list(parentColumns)}) ON DELETE ${onDelete} ON UPDATE ${onUpdate}`;
}

function list(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(", ");
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

/** What the schema calls the constraint, or Prisma's own name. */
function usualName({ child, columns, declared }: ForeignKeyShape): string {
  const named = declared && declared !== "implicit" ? declared.name : undefined;
  return named ?? defaultName(child.table.name, columns, "fkey");
}

function nameFor(shape: ForeignKeyShape): string {
  return freeConstraintName(shape.child.table, usualName(shape));
}
