/** Facts of the check `index-usage`. */
export interface IndexUsageFacts {
  readonly takenAt: string;
  /** The servers whose counters were added up. */
  readonly counted: readonly CountedServer[];
  /** Earlier readings that were added, of servers and statistics that are gone too. */
  readonly earlierReadings: number;
  readonly indexUsage: readonly IndexUsage[];
  /** Indexes that were asked for, of which `indexUsage` may list the first only. */
  readonly indexCount: number;
}

export interface CountedServer {
  /** Address and port, as the server itself says. */
  readonly node: string;
  readonly role: "primary" | "standby";
  /** The last reset of its statistics; null where it says none. */
  readonly countedSince: string | null;
  /** Days that its counters and those of earlier readings cover. */
  readonly observedDays: number;
}

/** One index and what it does. Of a partitioned one its parts are summed. */
export interface IndexUsage {
  readonly schema: string;
  readonly table: string;
  readonly index: string;
  readonly model: string | null;
  readonly method: string;
  /** Its statement; null where a lock kept it back. */
  readonly definition: string | null;
  readonly isValid: boolean;
  readonly isUnique: boolean;
  readonly constraint: string | null;
  /** Foreign keys of other tables that rely on it. */
  readonly referencedBy: readonly string[];
  /** Foreign keys of its own table whose parents are deleted by it. */
  readonly serves: readonly string[];
  /** Of a partitioned index: its parts that hold rows. */
  readonly parts: number;
  readonly scans: number;
  readonly tuplesRead: number;
  readonly tuplesFetched: number;
  /** Null where it is not known (before PostgreSQL 16), or never was. */
  readonly lastScan: string | null;
  readonly bytes: number;
  /** `estimate` where a lock kept the size back. */
  readonly bytesBasis: "size" | "estimate";
  /** Bytes that the rows do not need, at least; null where statistics or its kind do not say. */
  readonly bloatBytes: number | null;
  /**
   * What a reader has to know of it, in a word each: `pk`, `fk` (deletes of parents
   * need it), `tenant` (nothing else finds one tenant's rows), `UNUSED`…
   */
  readonly marks: readonly string[];
}
