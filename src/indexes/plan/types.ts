import type { AuditedTable } from "../../database/index.js";

export interface SortedColumn {
  readonly column: string;
  readonly descending: boolean;
}

/** Why an index is wanted. */
export type Reason =
  | { readonly kind: "tenant"; readonly text: string }
  | { readonly kind: "scope"; readonly text: string }
  | { readonly kind: "foreign-key"; readonly text: string; readonly constraint: string }
  | { readonly kind: "query"; readonly text: string; readonly query: CostlyQuery };

/** A statement of the application, as `pg_stat_statements` keeps it. */
export interface CostlyQuery {
  /** Its text, as the server has it. */
  readonly text: string;
  readonly calls: number;
  /** All of its runs together, in milliseconds. */
  readonly totalMs: number;
}

/** An index that is wanted, before it is known whether something covers it. */
export interface Candidate {
  readonly owner: AuditedTable;
  /** What is asked for by a value each: any order of them finds the rows. */
  readonly equal: readonly string[];
  /** What is sorted or asked by a range, behind those. */
  readonly sorted: readonly SortedColumn[];
  readonly reasons: readonly Reason[];
  /** Statements whose cost it should lower; `$1` stands for a value. */
  readonly probes: readonly string[];
}

/** How the planner judges a candidate. */
export interface Proof {
  readonly query: string;
  /** The planner's units: of the whole statement. */
  readonly before: number;
  readonly after: number;
  /** The plan reads the index. */
  readonly isUsed: boolean;
}

/** The columns of a candidate, in the order of the index. */
export function columnsOf({ equal, sorted }: Pick<Candidate, "equal" | "sorted">): SortedColumn[] {
  return [...equal.map((column) => ({ column, descending: false })), ...sorted];
}
