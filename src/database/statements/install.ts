import { quoteLiteral } from "../../adapters/sql-file.js";

/** What a server has of pg_stat_statements. */
export interface StatementFacts {
  /** Of the extension in this database; null where it is not created. */
  readonly extensionVersion: string | null;
  /** The server has its files. */
  readonly isAvailable: boolean;
  readonly isPreloaded: boolean;
  /** shared_preload_libraries; null where the role may not see it. */
  readonly preloadedLibraries: string | null;
}

const extension = "pg_stat_statements";

/** What is missing of it, in the order in which it has to be done. */
export function statementCommands(facts: StatementFacts): string[] {
  return [
    ...(facts.isAvailable ? [] : ["apt-get install -y postgresql-contrib"]),
    ...(facts.isPreloaded ? [] : [...preload(facts.preloadedLibraries), "systemctl restart postgresql"]),
    ...(facts.extensionVersion === null ? [`CREATE EXTENSION IF NOT EXISTS ${extension};`] : []),
  ];
}

/**
 * Each library is a literal of its own: PostgreSQL takes `'a, b'` for the name of one, and would not start.
 * Libraries that the role may not see must not be lost: that statement is refused until they stand in it.
 */
function preload(libraries: string | null): string[] {
  if (libraries === null) {
    return [
      "SHOW shared_preload_libraries;",
      `ALTER SYSTEM SET shared_preload_libraries = <each that it shows, quoted>, ${quoteLiteral(extension)};`,
    ];
  }
  const names = libraries.split(",").map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  const all = [...new Set([...names.filter(Boolean), extension])];
  return [`ALTER SYSTEM SET shared_preload_libraries = ${all.map(quoteLiteral).join(", ")};`];
}
