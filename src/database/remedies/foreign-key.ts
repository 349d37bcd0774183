import { quoteIdentifier } from "../../adapters/sql-file.js";
import { relationLines } from "../../registry/index.js";
import type { Audited } from "../audited.js";
import type { AuditedTable } from "../audited-table.js";
import type { CatalogForeignKey } from "../catalog/types.js";
import { partitionsOf } from "../readiness/leading-index.js";
import type { Reference } from "../references.js";
import { qualified } from "../tenant-source.js";
import { defaultName, freeConstraintName } from "./names.js";
import { asMigration, fieldOf, migratedName, prismaSide, type Remedy } from "./remedy.js";

/** What a foreign key ties, and what happens when the parent goes. */
export type ForeignKeyShape = Pick<Reference, "child" | "columns" | "parent" | "parentColumns" | "declared">;

const emulated =
  'The schema says relationMode = "prisma": the database holds no foreign keys, by design, and Prisma\'s next migration would drop this one. Change it to foreignKeys (or leave it out) first, or suppress the rule with the reason. Then mend the rows without a parent and add the constraint.';

/** A foreign key in two steps, so that no long lock is held, as Prisma would declare it. */
export function addForeignKey(audited: Audited, shape: ForeignKeyShape): Remedy {
  const { child } = shape;
  const obstacle = obstacleTo(shape);
  if (obstacle) return { remedy: obstacle, remedySteps: [] };
  const isEmulated = audited.application.context.schema.relationMode === "prisma";
  const name = nameFor(shape);
  return {
    remedy: isEmulated
      ? emulated
      : `Mend the rows without a parent, then add the constraint: first NOT VALID, which takes a short lock, then VALIDATE, which blocks nobody. ${schemaSide(shape, name)}`,
    remedySteps: inPlace(audited, child, { name, definition: definitionOf(shape, qualified) }),
    ...(isEmulated ? {} : prismaSideOf(shape, name)),
  };
}

/** A constraint in place of another one, in one statement, so that the table is never without. */
export function replaceForeignKey(audited: Audited, shape: ForeignKeyShape, old: string): Remedy {
  const obstacle = obstacleTo(shape);
  if (obstacle) return { remedy: obstacle, remedySteps: [] };
  const name = old === usualName(shape) ? old : nameFor(shape);
  return {
    remedy: `Mend the rows that the right table lacks, then put the right constraint in the wrong one's place, in one statement, and validate it. ${schemaSide(shape, name)}`,
    remedySteps: inPlace(audited, shape.child, { name, definition: definitionOf(shape, qualified), old }),
    ...prismaSideOf(shape, name, old),
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
  const { name } = constraint;
  const definition = redeclaration(constraint, targetName(constraint));
  return inPlace(audited, child, { name, definition, old: name });
}

function targetName({ targetSchema, targetTable }: CatalogForeignKey): string {
  return `${quoteIdentifier(targetSchema)}.${quoteIdentifier(targetTable)}`;
}

/** Everything that a constraint says. */
function redeclaration(constraint: CatalogForeignKey, target: string): string {
  const { columns, targetColumns, onDelete, onUpdate } = constraint;
  const unset = constraint.setOnDelete.length ? ` (${list(constraint.setOnDelete)})` : "";
  const definition = [
    `FOREIGN KEY (${list(columns)}) REFERENCES ${target} (${list(targetColumns)})`,
    constraint.isMatchFull ? "MATCH FULL" : "",
    `ON DELETE ${onDelete}${unset} ON UPDATE ${onUpdate}`,
    constraint.isDeferrable ? `DEFERRABLE${constraint.isDeferred ? " INITIALLY DEFERRED" : ""}` : "",
  ];
  return definition.filter(Boolean).join(" ");
}

/** Why PostgreSQL would refuse the constraint, and what to do first; undefined where nothing stands in its way. */
function obstacleTo({ child, columns, parent, parentColumns }: ForeignKeyShape): string | undefined {
  const target = `${parent.table.schema}.${parent.table.name}`;
  const isUnique = parent.table.indexes.some(
    ({ isUnique, isValid, predicate, keyColumns }) =>
      isUnique &&
      isValid &&
      predicate === null &&
      keyColumns.length === parentColumns.length &&
      parentColumns.every((column) => keyColumns.includes(column)),
  );
  if (!isUnique && parent.table.kind !== "view")
    return `No foreign key can point at ${target} yet: it has no unique key on (${parentColumns.join(", ")}). Mend that first (the schema declares one: npx prisma migrate status shows what is missing), then audit again.`;
  const typeOf = ({ table }: AuditedTable, name: string) =>
    table.columns.find((column) => column.name === name)?.baseType;
  for (const [index, column] of columns.entries()) {
    const [own, theirs] = [typeOf(child, column), typeOf(parent, parentColumns[index]!)];
    if (own === undefined || theirs === undefined || own === theirs || isOneFamily(own, theirs)) continue;
    return `No foreign key can tie ${column}, of type ${own}, to ${target}.${parentColumns[index]}, of type ${theirs}. Bring the column to that type first (ALTER TABLE … ALTER COLUMN … TYPE rewrites the table under a lock), then audit again.`;
  }
  return undefined;
}

function isOneFamily(left: string, right: string): boolean {
  return [
    ["int2", "int4", "int8"],
    ["text", "varchar", "bpchar"],
  ].some((family) => family.includes(left) && family.includes(right));
}

/** The relation where the schema lacks it, and the constraint for databases made from the migrations. */
function prismaSideOf(shape: ForeignKeyShape, name: string, old = name): Pick<Remedy, "remedyPrisma"> {
  const { child, columns, parent, parentColumns, declared } = shape;
  const drops = [...new Set([old, name])].map((each) => `DROP CONSTRAINT IF EXISTS ${quoteIdentifier(each)}`);
  const added = `ADD CONSTRAINT ${quoteIdentifier(name)} ${definitionOf(shape, migratedName)}`;
  const migration = [`ALTER TABLE ${migratedName(child)} ${[...drops, added].join(", ")};`];
  const map = name === usualName(shape) ? undefined : name;
  if (declared && declared !== "implicit") {
    const change = {
      model: child.registered!.model.name,
      change: [`${declared.field}: map: "${name}" in its @relation`],
    };
    return prismaSide(map ? [change] : [], migration);
  }
  if (declared || !child.registered || !parent.registered) return declared ? prismaSide([], migration) : {};
  const edits = relationLines({
    child: child.registered.model,
    fields: columns.map((column) => fieldOf(child, column)),
    parent: parent.registered.model,
    references: parentColumns.map((column) => fieldOf(parent, column)),
    map,
  });
  return prismaSide(edits, migration);
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

/** The same constraint, that refuses to delete a parent instead of emptying the column. */
export function restrictDelete(audited: Audited, child: AuditedTable, constraint: CatalogForeignKey) {
  const changed = { ...constraint, onDelete: "RESTRICT", setOnDelete: [] };
  const { name } = constraint;
  const target = audited.tables.find(({ table }) => table.id === constraint.targetId);
  return {
    steps: redeclareForeignKey(audited, child, changed),
    migration: `ALTER TABLE ${migratedName(child)} DROP CONSTRAINT IF EXISTS ${quoteIdentifier(name)}, ADD CONSTRAINT ${quoteIdentifier(name)} ${redeclaration(changed, target ? migratedName(target) : targetName(constraint))};`,
  };
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

function definitionOf(shape: ForeignKeyShape, named: (table: AuditedTable) => string): string {
  const { columns, parent, parentColumns } = shape;
  const { onDelete, onUpdate } = actionsOf(shape);
  return `FOREIGN KEY (${list(columns)}) REFERENCES ${named(parent)} (${list(parentColumns)}) ON DELETE ${onDelete} ON UPDATE ${onUpdate}`;
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
