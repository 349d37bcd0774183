import { pause } from "../adapters/pause.js";
import type { DatabaseAddress } from "../adapters/postgres/address.js";
import { errorCode } from "../adapters/postgres/failure.js";
import type { IndexDefinition } from "./definition.js";
import { type Backend, type IndexEntry, type IndexJournal, type Recorded, recordedIn } from "./journal.js";
import type { LimitWatch } from "./limit-watch.js";
import type { Monitor } from "./monitor.js";
import type { Blocker, BuildProgress } from "./progress.js";
import { openWorkSession, type SessionSettings, type WorkSession } from "./session.js";

/** What a run tells whoever looks on. */
export type WorkEvent =
  | { readonly kind: "queued"; readonly indexes: readonly IndexDefinition[] }
  | { readonly kind: "started"; readonly index: IndexDefinition; readonly attempt: number }
  | { readonly kind: "progress"; readonly index: IndexDefinition; readonly progress: BuildProgress }
  /** It waits before or beside a build: for our lock, another's build, a replica. */
  | {
      readonly kind: "waiting";
      readonly index: IndexDefinition;
      readonly what: string;
      readonly blockers: readonly Blocker[];
    }
  | {
      readonly kind: "again";
      readonly index: IndexDefinition;
      readonly reason: string;
      readonly attempt: number;
    }
  | { readonly kind: "cleaning"; readonly index: IndexDefinition }
  | { readonly kind: "ended"; readonly index: IndexDefinition; readonly state: string };

/** Everything that work on indexes shares within one run. */
export interface Tools {
  readonly address: DatabaseAddress;
  readonly session: SessionSettings;
  readonly monitor: Monitor;
  readonly limits: LimitWatch;
  readonly journal: IndexJournal;
  /** What journals of earlier runs, or of others on this machine, say of this database. */
  readonly earlier: readonly Recorded[];
  /** Ends the run: the user, or a limit. */
  readonly signal: AbortSignal;
  /** For one index with all its waits, in milliseconds. */
  readonly deadline: number;
  /** Attempts after the first. */
  readonly retries: number;
  readonly observe: (event: WorkEvent) => void;
}

/** For what is left of an attempt to be dropped, in milliseconds: its drop waits for transactions too. */
export const cleanGrace = 30_000;
/** For a cancelled statement to end; then its connection is dropped. */
const cancelGrace = 20_000;

/** All that is known of a database's indexes, the newest last. */
export function recordsOf({ earlier, journal }: Tools): Recorded[] {
  return [...earlier, ...recordedIn(journal)];
}

/** Events that say how something went; all others are intents. */
const outcomes: ReadonlySet<IndexEntry["event"]> = new Set([
  ...([
    "catalogued",
    "built",
    "failed",
    "cleaned",
    "left",
    "settled",
    "dropped",
    "kept",
    "finished",
  ] as const),
]);

/**
 * Writes to the run's journal.
 *
 * @throws the file system's error where an intent can't be written: then it is not to be done. That an outcome
 *   can't be only leaves the intent open, for `index resume` to look at, and stops no clean-up.
 */
export function note({ journal }: Pick<Tools, "journal">, entry: IndexEntry): void {
  try {
    journal.append(entry);
  } catch (error) {
    if (!outcomes.has(entry.event)) throw error;
  }
}

/**
 * Runs statements of a session that a signal ends: the server is asked to cancel, from another session, until
 * it does. Where the statement was faster than that, its result counts.
 */
export async function cancellable<T>(
  { monitor }: Pick<Tools, "monitor">,
  { session, backend }: WorkSession,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  let stopAsking = () => {};
  const end = () => {
    const again = monitor.cancel(backend, session.cancel);
    const impatience = setTimeout(session.destroy, cancelGrace);
    stopAsking = () => {
      again();
      clearTimeout(impatience);
    };
  };
  signal.addEventListener("abort", end, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener("abort", end);
    stopAsking();
  }
}

const briefLock = "2s";

/**
 * Runs a statement that needs a strong lock for a moment. Whoever waits for such a lock makes all others wait
 * behind it, so it is asked for two seconds at a time, with a pause between.
 *
 * @throws the server's error; the signal's reason where the lock was not to be had before.
 */
export async function withBriefLock(
  tools: Tools,
  work: WorkSession,
  statement: string,
  signal: AbortSignal,
  onWait: () => void,
): Promise<void> {
  const { session } = work;
  try {
    await session.query(`set lock_timeout = '${briefLock}'`);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await cancellable(tools, work, signal, () => session.run(statement));
        return;
      } catch (error) {
        if (errorCode(error) !== "55P03") throw error;
        onWait();
        await pause(Math.min(5000, 500 * attempt) * (0.5 + Math.random()), signal);
      }
    }
  } finally {
    await session.query("set lock_timeout = 0").catch(() => {});
  }
}

/** Between two attempts to reach a server that went away, in milliseconds. */
const reconnectInterval = 1000;

/** One of the sessions that build, opened when first needed and again when it was lost. */
export class Worker {
  private current: WorkSession | undefined;
  private readonly lost: Backend[] = [];

  constructor(private readonly tools: Pick<Tools, "address" | "session">) {}

  /**
   * The session; where the server went away, as soon as it is back.
   *
   * @throws the signal's reason when it is aborted.
   */
  async session(signal: AbortSignal): Promise<WorkSession> {
    while (!this.current) {
      try {
        this.current = await openWorkSession(this.tools.address, this.tools.session, signal);
      } catch {
        await pause(reconnectInterval, signal);
      }
    }
    return this.current;
  }

  /** The session is of no use any more. */
  lose(): void {
    if (this.current) this.lost.push(this.current.backend);
    this.current?.session.destroy();
    this.current = undefined;
  }

  /**
   * Ends what lost sessions have left on the server, where they have nothing more to do: behind a network that went
   * silent, the server would keep one, and its locks, for hours.
   */
  async endLost(): Promise<void> {
    for (const { pid, started } of this.lost)
      await this.current?.session.query(
        "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where pid = $1 and backend_start::text = $2 and state like 'idle%'",
        [pid, started],
      );
  }

  async close(): Promise<void> {
    await this.current?.session.end();
  }
}
