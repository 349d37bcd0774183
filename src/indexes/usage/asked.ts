import type { Audited } from "../../database/index.js";
import { UsageError } from "../../findings/errors.js";
import { nearestName } from "../../findings/nearest.js";
import type { UsageContext } from "./context.js";
import type { KnownIndex, UsageOptions } from "./types.js";

/** Whether options ask for an index. */
export function isAsked(index: KnownIndex, options: UsageOptions, { usage }: UsageContext): boolean {
  const { catalog, table, owner } = index;
  const isNamed =
    options.tables.length === 0 ||
    options.tables.some((name) =>
      [table.name, `${table.schema}.${table.name}`, owner.registered?.model.name].includes(name),
    );
  return (
    isNamed &&
    isLike(catalog.name, options.match) &&
    (!options.onlyUnused || usage(index).scans <= options.maxScans)
  );
}

/** As SQL's LIKE with `%`, without regard to case; a text without one may stand anywhere in the name. */
export function isLike(name: string, pattern: string | undefined): boolean {
  if (pattern === undefined) return true;
  const whole = pattern.includes("%") ? pattern : `%${pattern}%`;
  const parts = whole.split("%").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "is").test(name);
}

/** @throws UsageError where a table is named that is none. */
export function refuseUnknownTables({ catalog, tables }: Audited, named: readonly string[]): void {
  const known = new Set([
    ...catalog.tables.flatMap(({ schema, name }) => [name, `${schema}.${name}`]),
    ...tables.flatMap(({ registered }) => registered?.model.name ?? []),
  ]);
  for (const name of named) {
    if (known.has(name)) continue;
    const nearest = nearestName(name, [...known]);
    throw new UsageError(
      `no table is called ${name}`,
      nearest ? `did you mean ${nearest}?` : "--table takes table, schema.table, or the model's name",
    );
  }
}
