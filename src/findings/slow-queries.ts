/** Whether a statement holds to one tenant's rows of the scoped tables that it names. */
export type Standing =
  | "tenant"
  /** Row-level security of the table adds the predicate. */
  | "policy"
  /** The statement alone does not tell. */
  | "unknown"
  | "without"
  /** It names no table of tenants' rows that has a tenant column. */
  | "unscoped"
  /** Its text can't be read as a query: a utility statement, or a newer syntax. */
  | "unread";

/** Facts of the check `slow-queries`. Times are in milliseconds. */
export interface SlowQueriesReading {
  readonly statistics: {
    /** Since when the server counts; null where it does not say (before PostgreSQL 14). */
    readonly since: string | null;
    readonly ageSeconds: number | null;
    /** Statements that it dropped for want of room. */
    readonly evicted: number | null;
    readonly extension: string;
    readonly role: string;
  };
  readonly totals: {
    readonly statements: number;
    readonly calls: number;
    readonly totalMs: number;
    /** Of other roles, which this one may not see. */
    readonly hidden: number;
    readonly hiddenMs: number;
    /** Their texts are lost. */
    readonly lost: number;
    /** tenantctl's own. */
    readonly own: number;
  };
  readonly order: "total" | "mean" | "calls" | "rows";
  /** How many statements stand how, of all that were looked at. */
  readonly standings: Readonly<Record<Standing, number>>;
  readonly statements: readonly ListedStatement[];
  /** How many statements fit what was asked for; those that are not listed too. */
  readonly matching: number;
}

export interface ListedStatement {
  readonly queryId: string;
  readonly roles: readonly string[];
  readonly calls: number;
  readonly totalMs: number;
  readonly meanMs: number;
  /** Of the time of all statements, those that can't be seen too; 0 to 1. */
  readonly share: number;
  readonly rows: number;
  readonly standing: Standing;
  /** Scoped tables that it names, as `schema.table`. */
  readonly tables: readonly string[];
  /** Of `unknown` and `without`: which table, and why. */
  readonly why: string | null;
  /** Its text without comments, which may hold a tenant's id; missing under --no-samples. */
  readonly query?: string;
}
