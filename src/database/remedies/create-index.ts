import { quoteIdentifier } from "../../adapters/sql-file.js";
import type { Audited } from "../audited.js";
import type { AuditedTable } from "../audited-table.js";
import { qualified } from "../tenant-source.js";
import { defaultName, freeName } from "./names.js";
import { asMigration, fieldOf, migratedName, prismaSide, type Remedy } from "./remedy.js";

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
  const line = `@@index([${fields}]${map})`;
  const isDeclared = registered?.model.keys.some((key) => key.fields.join(", ") === fields && !map);
  const schemaSide = registered
    ? ` ${isDeclared ? "Keep" : "Add"} ${line} ${isDeclared ? "in" : "to"} the model, ${asMigration}.`
    : "";
  return {
    remedy: `Build the index. ${caution}${schemaSide}`,
    remedySteps: [
      `CREATE INDEX${isPartitioned ? "" : " CONCURRENTLY"} ${quoteIdentifier(name)} ON ${qualified(owner)} (${list});`,
    ],
    ...(registered
      ? prismaSide(isDeclared ? [] : [{ model: registered.model.name, add: [line] }], [
          `CREATE INDEX IF NOT EXISTS ${quoteIdentifier(name)} ON ${migratedName(owner)} (${list});`,
        ])
      : {}),
  };
}

/** Tables, views and indexes of one schema share their names. */
function isRelation({ catalog }: Audited, schema: string, name: string): boolean {
  return catalog.tables.some(
    (table) =>
      table.schema === schema && (table.name === name || table.indexes.some((index) => index.name === name)),
  );
}
