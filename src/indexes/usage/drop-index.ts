import { quoteIdentifier } from "../../adapters/sql-file.js";
import {
  type AuditedTable,
  asMigration,
  defaultName,
  migratedName,
  prismaSide,
  type Remedy,
  storedName,
} from "../../database/index.js";
import type { SchemaEdit } from "../../findings/finding.js";
import type { KnownIndex } from "./types.js";

type Key = NonNullable<AuditedTable["registered"]>["model"]["keys"][number];

/**
 * How an index goes without stopping anybody, and what Prisma has to know of it.
 *
 * @param why the first sentence
 */
export function dropIndex(index: KnownIndex, why: string): Remedy {
  const { catalog, owner, constraint, table } = index;
  const name = `${quoteIdentifier(catalog.schema)}.${quoteIdentifier(catalog.name)}`;
  const isPartitioned = table.kind === "partitioned";
  const key = declaredKey(index);
  const model = owner.registered?.model.name;
  const caution =
    constraint !== null
      ? "It goes with its constraint, under a short lock that stops readers too: set a lock_timeout."
      : isPartitioned
        ? "A partitioned index can't be dropped concurrently: it takes a short lock that stops readers too, so set a lock_timeout."
        : "That blocks nobody, and can't stand in a transaction.";
  const schemaSide = !model
    ? ""
    : key
      ? ` Take it out of the Prisma schema too, or the next migration builds it again; ${asMigration}.`
      : ` The schema does not declare it; where a migration made it, ${asMigration}.`;
  const dropped = (owned: string) =>
    `ALTER TABLE ${owned} DROP CONSTRAINT IF EXISTS ${quoteIdentifier(constraint ?? "")};`;
  const qualified = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
  const step =
    constraint !== null ? dropped(qualified) : `DROP INDEX ${isPartitioned ? "" : "CONCURRENTLY "}${name};`;
  return {
    remedy: `${why} ${caution} Keep its statement (evidence.definition): it is the way back.${schemaSide}`,
    remedySteps: [step],
    ...(model
      ? prismaSide(key ? [removal(model, key)] : [], [
          constraint !== null
            ? dropped(migratedName(owner))
            : `DROP INDEX IF EXISTS ${migratedIndex(index)};`,
        ])
      : {}),
  };
}

/** An index as Prisma's migrations name it: with its schema only where the model says `@@schema`. */
function migratedIndex({ catalog, owner }: KnownIndex): string {
  const name = quoteIdentifier(catalog.name);
  return owner.registered?.model.schema ? `${quoteIdentifier(catalog.schema)}.${name}` : name;
}

/** The key of the Prisma schema that an index stands for; undefined where it declares none. */
export function declaredKey({ catalog, owner }: Pick<KnownIndex, "catalog" | "owner">): Key | undefined {
  const { registered, table } = owner;
  return registered?.model.keys.find((key) => {
    if (key.kind === "id") return false;
    const columns = key.fields.map((field) => columnOf(owner, field));
    const usual = defaultName(table.name, columns, key.kind === "unique" ? "key" : "idx");
    return storedName(key.name ?? usual) === catalog.name;
  });
}

function removal(model: string, key: Key): SchemaEdit {
  const { file, line } = key.location;
  const place = `(${file}:${line})`;
  const [field] = key.fields;
  if (key.kind === "unique" && key.fields.length === 1)
    return { model, change: [`${field}: take @unique (or the @@unique) out ${place}`] };
  const fields = key.fields.map((each) => (key.descending.includes(each) ? `${each}(sort: Desc)` : each));
  const map = key.name === undefined ? "" : `, map: "${key.name}"`;
  return { model, remove: [`@@${key.kind}([${fields.join(", ")}]${map}) ${place}`] };
}

function columnOf({ registered }: AuditedTable, field: string): string {
  const found = registered?.model.fields.find(({ name }) => name === field);
  return storedName(found?.column ?? field);
}
