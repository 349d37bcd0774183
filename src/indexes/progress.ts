/** Somebody whom a build waits for, or would. */
export interface Blocker {
  /** `snapshot`: a transaction that may still look at old rows, whatever table it reads. */
  readonly kind: "lock" | "snapshot" | "prepared" | "vacuum" | "standby" | "slot";
  readonly pid: number | null;
  readonly application: string | null;
  readonly role: string | null;
  readonly state: string | null;
  /** Age of its transaction. */
  readonly seconds: number | null;
  /** The table that it has locked, where it is about a lock. */
  readonly relation?: string | null;
  /** Beginning of its last statement; of a prepared transaction its name. Customers' data may stand in it. */
  readonly query: string | null;
}

/** One look at a server process that builds an index. */
export interface BuildLook {
  readonly pid: number;
  readonly started: string;
  /** As PostgreSQL names it; null before it begins and to a role that may not see it. */
  readonly phase: string | null;
  readonly indexId: string | null;
  readonly lockers: Counter;
  readonly blocks: Counter;
  readonly tuples: Counter;
  /** Size of the index so far. */
  readonly bytes: number;
  readonly blockers: readonly Blocker[];
}

export interface Counter {
  readonly done: number;
  readonly total: number;
}

/** What a person wants to know of a build. */
export interface BuildProgress {
  readonly phase: string;
  /** Of this phase, 0 to 1; undefined where nothing is counted. */
  readonly fraction?: number | undefined;
  /** `12 MB/s` or `80,000 rows/s` come from these, per second. */
  readonly bytesPerSecond?: number | undefined;
  readonly rowsPerSecond?: number | undefined;
  /** Of this phase. */
  readonly secondsLeft?: number | undefined;
  readonly bytes: number;
  readonly blockers: readonly Blocker[];
}

const blockSize = 8192;

/** How far a build is, from this look and the first one of the same phase. */
export function progressOf(look: BuildLook, first: BuildLook, seconds: number): BuildProgress {
  const phase = look.phase ?? (look.blockers.length ? "waiting for a lock on the table" : "starting");
  const common = { phase, bytes: look.bytes, blockers: look.blockers };
  const counter = countedBy(look);
  if (!counter) return common;
  const { done, total } = counter.of(look);
  const gained = done - counter.of(first).done;
  const rate = seconds > 0 && gained > 0 ? gained / seconds : undefined;
  return {
    ...common,
    fraction: Math.min(1, done / total),
    bytesPerSecond: rate !== undefined && counter.unit === "blocks" ? rate * blockSize : undefined,
    rowsPerSecond: rate !== undefined && counter.unit === "rows" ? rate : undefined,
    secondsLeft: rate === undefined || counter.unit === "lockers" ? undefined : (total - done) / rate,
  };
}

/** Which of PostgreSQL's counters moves in this phase. */
function countedBy(look: BuildLook) {
  const counters = [
    { unit: "lockers", of: ({ lockers }: BuildLook) => lockers, isMeant: /^waiting/.test(look.phase ?? "") },
    { unit: "rows", of: ({ tuples }: BuildLook) => tuples, isMeant: /tuples/.test(look.phase ?? "") },
    { unit: "blocks", of: ({ blocks }: BuildLook) => blocks, isMeant: true },
  ] as const;
  return counters.find((each) => each.isMeant && each.of(look).total > 0);
}
