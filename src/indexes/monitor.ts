import type { DatabaseAddress } from "../adapters/postgres/address.js";
import { readSql } from "../adapters/sql-file.js";
import type { Backend } from "./journal.js";
import type { Blocker, BuildLook } from "./progress.js";
import { openWorkSession, type WorkSession } from "./session.js";

/** Between two looks, in milliseconds. A look costs the server about one. */
const interval = 500;
/** A cancel that came between two statements has stopped nothing: it is sent again, in milliseconds. */
const cancelInterval = 1000;

interface ProgressRow {
  pid: number;
  started: string;
  phase: string | null;
  index_id: string | null;
  lockers_total: string | null;
  lockers_done: string | null;
  blocks_total: string | null;
  blocks_done: string | null;
  tuples_total: string | null;
  tuples_done: string | null;
  bytes: string | null;
  blockers: Blocker[] | null;
}

/** Called at each look at a process; with undefined once it is gone. */
export type Watcher = (look: BuildLook | undefined) => void;

interface Watched {
  /** Its start is not known of another's process: then any with its number is meant. */
  readonly backend: { readonly pid: number; readonly started?: string };
  readonly watcher: Watcher;
}

/** What else is looked at on the same beat, such as limits. It must not throw. */
export type Beat = (session: WorkSession) => Promise<void>;

/**
 * The second session of a run: looks at what the server processes do that build, and cancels one when it has to
 * end. Its statements are short and each its own transaction, so that no build waits for a snapshot of it.
 */
export class Monitor {
  private readonly watched = new Set<Watched>();
  private current: WorkSession | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  constructor(
    private readonly address: DatabaseAddress,
    private readonly beats: readonly Beat[] = [],
  ) {}

  /** @throws AdapterError where the server can't be reached. */
  async start(): Promise<void> {
    this.current = await openWorkSession(this.address);
    this.schedule();
  }

  /** Looks at a process until the returned function is called. */
  watch(backend: Watched["backend"], watcher: Watcher): () => void {
    const entry = { backend, watcher };
    this.watched.add(entry);
    return () => void this.watched.delete(entry);
  }

  /**
   * Cancels what a process runs, again and again until the returned function is called.
   *
   * @param fallback another way, for a server that gives no second session
   */
  cancel({ pid, started }: Backend, fallback: () => Promise<void>): () => void {
    const ask = async () => {
      try {
        await this.inTurn(({ session }) =>
          session.query(
            "select pg_catalog.pg_cancel_backend(pid) from pg_catalog.pg_stat_activity where pid = $1 and backend_start::text = $2",
            [pid, started],
          ),
        );
      } catch {
        await fallback();
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), cancelInterval);
    return () => clearInterval(timer);
  }

  /** One question after the other, on a session that is opened again where it was lost. */
  private inTurn<Answer>(ask: (work: WorkSession) => Promise<Answer>): Promise<Answer> {
    const answer = this.turn.then(async () => {
      this.current ??= await openWorkSession(this.address, {}, AbortSignal.timeout(interval * 10));
      return ask(this.current);
    });
    this.turn = answer.catch(() => {});
    return answer;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.looking;
    await this.current?.session.end();
  }

  private schedule(): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => {
      this.looking = this.look().finally(() => this.schedule());
    }, interval);
  }

  private async look(): Promise<void> {
    try {
      await this.inTurn(async (work) => {
        await this.report(work);
        for (const beat of this.beats) await beat(work);
      });
    } catch {
      // Whoever builds on a lost server notices it, and says so.
      this.current?.session.destroy();
      this.current = undefined;
    }
  }

  private async report({ session }: WorkSession): Promise<void> {
    const pids = [...this.watched].map(({ backend }) => backend.pid);
    if (pids.length === 0) return;
    const rows = await session.query<ProgressRow>(readSql("indexes/progress"), [pids]);
    for (const { backend, watcher } of this.watched) {
      const { pid, started } = backend;
      const row = rows.find((each) => each.pid === pid && each.started === (started ?? each.started));
      watcher(row && lookOf(row));
    }
  }
}

function lookOf(row: ProgressRow): BuildLook {
  return {
    pid: row.pid,
    started: row.started,
    phase: row.phase,
    indexId: row.index_id === "0" ? null : row.index_id,
    lockers: { done: Number(row.lockers_done ?? 0), total: Number(row.lockers_total ?? 0) },
    blocks: { done: Number(row.blocks_done ?? 0), total: Number(row.blocks_total ?? 0) },
    tuples: { done: Number(row.tuples_done ?? 0), total: Number(row.tuples_total ?? 0) },
    bytes: Number(row.bytes ?? 0),
    blockers: row.blockers ?? [],
  };
}
