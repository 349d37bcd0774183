/** Facts of the check `distribution`: a reading that a later one can be compared with. */
export interface Reading {
  readonly takenAt: string;
  /** The database's own name. */
  readonly database?: string;
  readonly tables: readonly TableDistribution[];
}

/** How the rows of one table divide among tenants. */
export interface TableDistribution {
  readonly schema: string;
  readonly table: string;
  readonly model: string | null;
  /** `scan` is exact; `estimate` comes with bounds. */
  readonly basis: "scan" | "estimate";
  readonly rows: number;
  /** Half the width of the interval that holds the true number; only for an estimate. */
  readonly rowsError?: number;
  /** Heap, TOAST and indexes, partitions included. */
  readonly bytes: number;
  readonly tenantsWithRows: number | null;
  readonly tenantsWithNothing: number | null;
  readonly rowsWithoutTenant: number | null;
  readonly rowsOfUnknownTenants: number | null;
  /** 0 where all tenants have as many rows, near 1 where one has them all; over all tenants. */
  readonly gini: number | null;
  /** Of the largest tenant, 0 to 1. */
  readonly topShare: number | null;
  /** How far an estimate of it may be off. */
  readonly topShareError?: number;
  /** The largest tenants, and those of the earlier reading. */
  readonly tenants: readonly TenantShare[];
  /** At most ten ids. */
  readonly nothing: readonly string[];
  /** A tenant that the sample did not meet has fewer rows than this. */
  readonly unseenBelow?: number;
  /** Rows more than in the earlier reading; null where that lacks the table. */
  readonly growth?: number | null;
  /** How far growth between readings may be off of which one is an estimate. */
  readonly growthError?: number;
  readonly durationMs: number;
}

export interface TenantShare {
  readonly tenant: string;
  /** From the tenants' name column, where there is one. */
  readonly name: string | null;
  readonly rows: number;
  /** Bounds of an estimate. */
  readonly low?: number;
  readonly high?: number;
  readonly share: number;
  /** Its share of the table's bytes by rows, or the measured size of its rows (`--bytes`). */
  readonly bytes: number;
  /** Rows more than in the earlier reading; null where it had none then; undefined where that is not known. */
  readonly growth?: number | null;
  readonly growthError?: number;
}
