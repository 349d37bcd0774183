import { quoteIdentifier } from "../../adapters/sql-file.js";
import { storedName } from "../application.js";
import type { Audited } from "../audited.js";
import type { AuditedTable } from "../audited-table.js";
import type { CatalogTable } from "../catalog/types.js";
import { partsOf } from "../readiness/leading-index.js";
import { defaultName, freeName } from "./names.js";
import { asMigration, fieldOf, migratedName, prismaSide, type Remedy } from "./remedy.js";

/** An index as the schema declares it, or as it should. */
interface Wanted {
  readonly columns: readonly string[];
  readonly descending: readonly string[];
  readonly isUnique: boolean;
  readonly name: string;
  /** The line that declares it; undefined where the schema has one. */
  readonly line: string | undefined;
}

/**
 * An index built without blocking writers: the one that the schema declares and the database lacks, else a new
 * one under the name that Prisma gives it, or a free one.
 */
export function createIndex(audited: Audited, owner: AuditedTable, column: string): Remedy {
  return remedyOf(audited, owner, declared(audited, owner, column) ?? undeclared(audited, owner, [column]));
}

/** An index that the database lacks. */
export interface NewIndex {
  readonly columns: readonly string[];
  /** Columns of it that are sorted downwards. */
  readonly descending: readonly string[];
  /** The name that it should have; a number follows where that is taken. */
  readonly name: string;
  /** By something that neither side has yet. */
  readonly isTaken?: (name: string) => boolean;
}

/**
 * How to build an index that the database lacks, and the name that it gets: the schema's own where that
 * declares just this one, and then there is no line to add.
 */
export function newIndex(
  audited: Audited,
  owner: AuditedTable,
  wantedIndex: NewIndex,
): Remedy & { readonly name: string; readonly line: string | undefined } {
  const wanted =
    declaredExactly(audited, owner, wantedIndex) ??
    undeclared(audited, owner, wantedIndex.columns, wantedIndex);
  return { ...remedyOf(audited, owner, wanted), name: wanted.name, line: wanted.line };
}

function remedyOf(audited: Audited, owner: AuditedTable, wanted: Wanted): Remedy {
  const { table, registered } = owner;
  const isPartitioned = table.kind === "partitioned";
  const caution = isPartitioned
    ? "The table is partitioned: an empty index on it, one on each partition that does not block writers, then they are attached."
    : "It does not block writers, and can't stand in a transaction.";
  const duplicates = wanted.isUnique
    ? " It is unique: duplicates would make the build fail, so look for them first."
    : "";
  const model = registered?.model.name;
  const schemaSide = !model
    ? ""
    : wanted.line
      ? ` Add ${wanted.line} to ${model}, ${asMigration}.`
      : ` The schema declares it already: ${asMigration}.`;
  return {
    remedy: `Build the index. ${caution}${duplicates}${schemaSide}`,
    remedySteps: isPartitioned ? onPartitions(audited, table, wanted) : [concurrently(table, wanted)],
    ...(model
      ? prismaSide(wanted.line ? [{ model, add: [wanted.line] }] : [], [
          `CREATE ${unique(wanted)}INDEX IF NOT EXISTS ${quoteIdentifier(wanted.name)} ON ${migratedName(owner)} (${list(wanted)});`,
        ])
      : {}),
  };
}

/** A plain key of the schema that leads with the column, unique ones last. */
function declared(audited: Audited, owner: AuditedTable, column: string): Wanted | undefined {
  return declaredKeys(audited, owner).find(({ columns }) => columns[0] === column);
}

/** A plain key of the schema over just these columns, in this order. */
function declaredExactly(
  audited: Audited,
  owner: AuditedTable,
  { columns, descending }: NewIndex,
): Wanted | undefined {
  const shape = JSON.stringify([columns, [...descending].sort()]);
  return declaredKeys(audited, owner).find(
    (key) => !key.isUnique && JSON.stringify([key.columns, [...key.descending].sort()]) === shape,
  );
}

/** The plain keys of the schema whose names are free in the database: it lacks them. Short ones first, unique ones last. */
function declaredKeys(audited: Audited, owner: AuditedTable): Wanted[] {
  const { table, registered } = owner;
  const keys = (registered?.model.keys ?? [])
    .filter(
      ({ kind, algorithm, isPartial, hasOperatorClasses }) =>
        kind !== "id" && !algorithm && !isPartial && !hasOperatorClasses,
    )
    .sort((left, right) =>
      left.kind === right.kind ? left.fields.length - right.fields.length : left.kind === "index" ? -1 : 1,
    );
  return keys.flatMap(({ kind, fields, name, descending }) => {
    const columns = fields.map((field) => columnOf(owner, field));
    if (columns.includes(undefined)) return [];
    const own = name ?? defaultName(table.name, columns as string[], kind === "unique" ? "key" : "idx");
    if (isRelation(audited, table.schema, own)) return [];
    return [
      {
        columns: columns as string[],
        descending: descending.map((field) => columnOf(owner, field)!),
        isUnique: kind === "unique",
        name: own,
        line: undefined,
      },
    ];
  });
}

function undeclared(
  audited: Audited,
  owner: AuditedTable,
  columns: readonly string[],
  { descending = [], name: wantedName, isTaken: isTakenElsewhere = () => false }: Partial<NewIndex> = {},
): Wanted {
  const usual = defaultName(owner.table.name, columns, "idx");
  const name = freeName(
    wantedName ?? usual,
    (candidate) => isTaken(audited, owner, candidate) || isTakenElsewhere(candidate),
  );
  const map = name === usual ? "" : `, map: "${name}"`;
  const fields = columns.map(
    (column) => `${fieldOf(owner, column)}${descending.includes(column) ? "(sort: Desc)" : ""}`,
  );
  return { columns, descending, isUnique: false, name, line: `@@index([${fields.join(", ")}]${map})` };
}

/** By a relation of the database, or by a key that the schema declares and the database lacks. */
function isTaken(audited: Audited, { table, registered }: AuditedTable, candidate: string): boolean {
  const declaredNames = (registered?.model.keys ?? []).flatMap(({ kind, name, fields }) =>
    kind === "index" ? [name ?? defaultName(table.name, fields, "idx")] : name ? [name] : [],
  );
  return isRelation(audited, table.schema, candidate) || declaredNames.includes(candidate);
}

/** The empty index of the parent, those of the parts, and their attachment: each alone, from the leaves up. */
function onPartitions(audited: Audited, table: CatalogTable, wanted: Wanted): string[] {
  const taken = new Set<string>();
  const build = (part: CatalogTable, name: string): string[] => {
    const parts = partsOf(part, audited);
    if (part.kind !== "partitioned") return [concurrently(part, { ...wanted, name })];
    return [
      `CREATE ${unique(wanted)}INDEX ${quoteIdentifier(name)} ON ONLY ${named(part)} (${list(wanted)});`,
      ...parts.flatMap((child) => {
        const own = freeName(
          defaultName(child.name, wanted.columns, "idx"),
          (candidate) =>
            isRelation(audited, child.schema, candidate) || taken.has(`${child.schema}.${candidate}`),
        );
        taken.add(`${child.schema}.${own}`);
        const parent = `${quoteIdentifier(part.schema)}.${quoteIdentifier(name)}`;
        const attached = `${quoteIdentifier(child.schema)}.${quoteIdentifier(own)}`;
        return [...build(child, own), `ALTER INDEX ${parent} ATTACH PARTITION ${attached};`];
      }),
    ];
  };
  return build(table, wanted.name);
}

function concurrently(table: CatalogTable, wanted: Wanted): string {
  return `CREATE ${unique(wanted)}INDEX CONCURRENTLY ${quoteIdentifier(wanted.name)} ON ${named(table)} (${list(wanted)});`;
}

function named({ schema, name }: CatalogTable): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

function unique({ isUnique }: Wanted): string {
  return isUnique ? "UNIQUE " : "";
}

function list({ columns, descending }: Wanted): string {
  return columns
    .map((column) => `${quoteIdentifier(column)}${descending.includes(column) ? " DESC" : ""}`)
    .join(", ");
}

/** Tables, views and indexes of one schema share their names. */
function isRelation({ catalog }: Audited, schema: string, name: string): boolean {
  return catalog.tables.some(
    (table) =>
      table.schema === schema && (table.name === name || table.indexes.some((index) => index.name === name)),
  );
}

function columnOf({ registered }: AuditedTable, field: string): string | undefined {
  const found = registered?.model.fields.find(({ name }) => name === field);
  return found && storedName(found.column);
}
