import type { CheckResult } from "../findings/report.js";
import { connectionTables } from "./connections.js";
import { fleetTables } from "./fleet.js";
import { slowQueryTables } from "./slow-queries.js";

/** A table of what a server does, in any format: the first column is a name. */
export interface ActivityTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Longer texts to the rows: statements. */
  readonly texts: readonly { readonly label: string; readonly text: string; readonly note: string }[];
  /** What the figures do not show. */
  readonly remarks: readonly string[];
  /** Lines to copy, each with what it is for. */
  readonly lines: readonly { readonly way: string; readonly line: string }[];
}

/** The tables of `slow-queries` and `connections`; none for every other check, or where nothing could be read. */
export function activityTables({ id, facts }: CheckResult): readonly ActivityTable[] {
  if (id === "slow-queries" && facts.statements) return slowQueryTables(facts as never);
  if (id === "connections" && facts.sessions) return connectionTables(facts as never);
  if (id === "fleet" && facts.hosts) return fleetTables(facts as never);
  return [];
}
