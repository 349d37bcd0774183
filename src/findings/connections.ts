/** How it is known whose connection it is. */
export type AttributionBasis = "application_name" | "comment";

/** Facts of the check `connections`. Times are in seconds. */
export interface ConnectionsReading {
  readonly role: string;
  readonly totals: {
    readonly connections: number;
    readonly attributed: number;
    readonly notAttributed: number;
    /** Other roles', of which this one may see the application's name only. */
    readonly notVisible: number;
    /** tenantctl's own, left out everywhere else. */
    readonly own: number;
  };
  /** Connections by state: `active`, `idle`, `idle in transaction`… */
  readonly states: Readonly<Record<string, number>>;
  /** Most connections first; missing under --no-samples. */
  readonly tenants?: readonly TenantConnections[];
  readonly limits: readonly ConnectionLimit[];
  /** Longest idle in a transaction first, then the longest transactions, then the rest. */
  readonly sessions: readonly Session[];
  /** A pooler in front put the client's address behind the application's name. */
  readonly hasPooler: boolean;
  /** Statements so long that the server cut them: a comment at their end is lost. */
  readonly cut: number;
  /** What makes an application attributable, each a line to add; empty where all is attributed. */
  readonly attributedBy: readonly { readonly way: string; readonly line: string }[];
}

export interface TenantConnections {
  /** As the connection says it; null for those that say nothing. */
  readonly tenant: string | null;
  /** From the tenants' table; null where it has no such tenant, or no name for it. */
  readonly name: string | null;
  readonly connections: number;
  readonly active: number;
  readonly idleInTransaction: number;
  readonly idle: number;
  /** Waiting for a lock. */
  readonly waiting: number;
  readonly longestTransaction: number | null;
}

export interface Session {
  readonly pid: number;
  readonly role: string;
  /** Missing under --no-samples, as is whose it is and what it runs. */
  readonly application?: string;
  readonly owner?: {
    readonly tenant: string;
    readonly name: string | null;
    readonly by: AttributionBasis;
  } | null;
  /** Null where this role may not see it. */
  readonly state: string | null;
  readonly backendSeconds: number | null;
  readonly transactionSeconds: number | null;
  readonly statementSeconds: number | null;
  readonly stateSeconds: number | null;
  /** `Lock: transactionid`; null where it waits for nothing. */
  readonly waitsFor: string | null;
  /** 0 stands for a prepared transaction. */
  readonly blockedBy: readonly number[];
  /** Its statement, or its last one, without comments. */
  readonly query?: string;
}

export interface ConnectionLimit {
  readonly kind: "server" | "database" | "role";
  /** `max_connections`, or the database's or role's name. */
  readonly name: string;
  readonly used: number;
  /** For applications: without what is reserved. */
  readonly limit: number;
  readonly reserved: number;
}
