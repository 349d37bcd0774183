import type { Standing } from "../../findings/slow-queries.js";
import type { JudgedTable } from "./judge.js";
import type { Statement } from "./statements.js";

export interface JudgedStatement {
  readonly statement: Statement;
  readonly standing: Standing;
  /** The scoped tables that it names. */
  readonly tables: readonly JudgedTable[];
  /** Those of which it reads or changes rows whosever they are. */
  readonly without: readonly JudgedTable[];
  readonly why: string | null;
}

/** A statement's standing: its weakest table's, where no policy filters that one for the roles that run it. */
export function standingOf(
  statement: Statement,
  tables: readonly JudgedTable[] | undefined,
  isFiltered: (table: string, role: string) => boolean,
): JudgedStatement {
  if (!tables) return { statement, standing: "unread", tables: [], without: [], why: null };
  if (tables.length === 0) return { statement, standing: "unscoped", tables, without: [], why: null };
  const isByPolicy = ({ table }: JudgedTable) =>
    statement.roles.every(({ id }) => isFiltered(table.table.id, id));
  const open = tables.filter((each) => each.standing !== "tenant");
  const unfiltered = open.filter((each) => !isByPolicy(each));
  const without = unfiltered.filter((each) => each.standing === "without");
  const unknown = unfiltered.filter((each) => each.standing === "unknown");
  const why =
    without.length > 0
      ? without.map(({ table, isEscaped }) =>
          isEscaped ? `${table.table.name}: an OR goes round the tenant` : table.table.name,
        )
      : unknown.map(({ table, why }) => `${table.table.name}: ${why}`);
  return {
    statement,
    standing: without.length ? "without" : unknown.length ? "unknown" : open.length ? "policy" : "tenant",
    tables,
    without,
    why: why.join("; ") || null,
  };
}
