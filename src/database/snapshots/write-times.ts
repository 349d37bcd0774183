import { UsageError } from "../../findings/errors.js";
import { nearestName } from "../../findings/nearest.js";
import { type AuditedTable, columnNamed } from "../audited-table.js";

/** Columns that say when a row was written last, and when it was created: by the schema's or the database's name. */
export interface WriteTimes {
  readonly since?: string | undefined;
  readonly created?: string | undefined;
}

const timeTypes: ReadonlySet<string> = new Set(["timestamp", "timestamptz", "date"]);

/** The columns that a table has of them, by the database's names; a table without them is compared as it is. */
export function writeTimesOf(table: AuditedTable, { since, created }: WriteTimes): WriteTimes {
  return { since: since && columnOf(table, since), created: created && columnOf(table, created) };
}

/** @throws UsageError where no table at all has such a column. */
export function requireWriteTimes(tables: readonly AuditedTable[], times: WriteTimes): void {
  for (const [option, name] of [
    ["--since", times.since],
    ["--created", times.created],
  ] as const) {
    if (name === undefined || tables.some((table) => columnOf(table, name))) continue;
    const known = tables.flatMap(({ table }) =>
      table.columns.filter(({ baseType }) => timeTypes.has(baseType)).map((column) => column.name),
    );
    const nearest = nearestName(name, [...new Set(known)]);
    throw new UsageError(
      `${option} ${name}: no table has a column of that name that holds a time`,
      nearest ? `did you mean ${nearest}?` : `there are ${[...new Set(known)].join(", ") || "none"}`,
    );
  }
}

function columnOf({ table, registered }: AuditedTable, name: string): string | undefined {
  const field = registered?.model.fields.find((each) => each.name === name);
  const column = columnNamed(table, field?.column ?? name);
  return column && timeTypes.has(column.baseType) && column.maySelect ? column.name : undefined;
}
