/** What a fleet was seen to serve, as reports carry it. */
export interface FleetReading {
  /** Null where no host shows a release. */
  readonly wanted: { readonly version: string; readonly digest: string | undefined } | null;
  /** Nobody named it: it is what most hosts serve. */
  readonly isAssumed: boolean;
  readonly hosts: readonly HostReading[];
}

export interface HostReading {
  readonly host: string;
  readonly zone: string | null;
  readonly state: "converged" | "old" | "unknown" | "failed";
  /** Why it is not converged. */
  readonly reason: string | null;
  readonly version: string | null;
  readonly digest: string | null;
  /** What a rollback would go back to. */
  readonly previous: string | null;
  readonly guard: string | null;
  readonly processes: readonly ProcessReading[];
}

export interface ProcessReading {
  readonly pid: number;
  readonly status: string;
  readonly restarts: number;
  readonly startedAt: string;
  readonly release: string | null;
}
