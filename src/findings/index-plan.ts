/** Facts of the check `index-plan`. */
export interface IndexPlanFacts {
  readonly proposals: readonly ProposedIndex[];
  /** What was looked at and is not proposed, with the reason. */
  readonly notProposed: readonly { readonly what: string; readonly why: string }[];
  /** Statements that were looked at; null where pg_stat_statements could not be read. */
  readonly statements: number | null;
  /** `hypopg` where each proposal was put before the planner. */
  readonly provedBy: "hypopg" | null;
}

export interface ProposedIndex {
  readonly schema: string;
  readonly table: string;
  readonly index: string;
  readonly model: string | null;
  /** Without a semicolon. */
  readonly statement: string;
  /** For the Prisma schema; null where no model stands for the table. */
  readonly line: string | null;
  readonly reasons: readonly string[];
  /** As last analysed; null where it never was. */
  readonly rows: number | null;
  /** By the planner's statistics; null where they say nothing. */
  readonly estimatedBytes: number | null;
  readonly estimatedSeconds: number | null;
  /** How both are reckoned. */
  readonly basis: string;
  /** The planner's cost of what it is for, without and with it. */
  readonly costs: readonly PlannedCost[];
  /** Why the planner could not be asked, or does not take it; null where it takes it, or nobody asked. */
  readonly doubt: string | null;
  /** Indexes that it leaves without work. */
  readonly replaces: readonly string[];
}

export interface PlannedCost {
  readonly query: string;
  readonly before: number;
  readonly after: number;
  readonly isUsed: boolean;
}
