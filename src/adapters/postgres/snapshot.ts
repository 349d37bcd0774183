import type pg from "pg";
import { AdapterError } from "../errors.js";
import { quoteLiteral } from "../sql-file.js";
import type { DatabaseAddress } from "./address.js";
import type { Session } from "./connect.js";
import { errorCode, messageOf } from "./failure.js";
import { openTransaction, recover, type TransactionOptions } from "./transaction.js";

export interface SnapshotOptions extends TransactionOptions {
  /** For everything together, connecting too, in milliseconds: an old snapshot holds back vacuum and index builds. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

/** A statement that the server refused or stopped. The session goes on. */
export class QueryError extends Error {
  constructor(
    message: string,
    /** SQLSTATE, or an errno where the connection broke. */
    readonly code: string | undefined,
  ) {
    super(message);
    this.name = "QueryError";
  }
}

/** The code of a QueryError for a statement that the deadline cut or kept from starting. */
export const deadlineCode = "deadline";

/** Stands in every statement of ours, so that pg_stat_statements shows whose it is. It drops a comment in front. */
export const ownMark = "/* tenantctl */";

/** For a session after the first to be there, in milliseconds: the work goes on without it. */
const furtherSessionLimit = 5000;
/** For a cancelled statement to end, in milliseconds; then its connection is dropped. */
const cancelGrace = 3000;

/** Runs one statement, with settings for it only. */
export type Query = <Row extends pg.QueryResultRow>(
  sql: string,
  values?: readonly unknown[],
  settings?: Readonly<Record<string, string>>,
) => Promise<Row[]>;

interface Waiting {
  readonly resolve: (session: Session) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Read-only sessions that share one snapshot: however long an audit takes, all of it sees the same moment.
 * Sessions after the first are opened when there is work for them, beside that work.
 *
 * Nothing is ever written: each session is one `repeatable read read only` transaction. Each statement runs
 * under a savepoint that is rolled back at once, so that its table locks are gone when it ends and a
 * migration does not wait for the audit. Where a policy would hide rows, the server answers with an error
 * (`row_security = off`), never with fewer rows. Should this process die, the server notices within two
 * seconds and stops the query (PostgreSQL 14 and later).
 */
export class Snapshot {
  private readonly idle: Session[] = [];
  private readonly waiting: Waiting[] = [];
  private readonly all = new Set<Session>();
  private opening = 0;
  /** The server gives no further session; it is not asked again. */
  private isFull = false;
  private isExpired = false;
  /** Aborted when no statement is to start any more, and no session to be opened. */
  private readonly stopped = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private cancelling: Promise<unknown> | undefined;

  private constructor(
    private readonly address: DatabaseAddress,
    private readonly options: SnapshotOptions,
    private readonly id: string | undefined,
    first: Session,
    timeLeft: number,
  ) {
    this.timer = setTimeout(() => void this.expire(), timeLeft).unref();
    this.all.add(first);
    this.idle.push(first);
    options.signal?.addEventListener("abort", () => void this.cancel(), { once: true });
  }

  /**
   * Opens the first session and takes the snapshot.
   *
   * @throws AdapterError where the database can't be reached before the deadline; the signal's reason when it
   *   is aborted.
   */
  static async open(address: DatabaseAddress, options: SnapshotOptions): Promise<Snapshot> {
    const start = performance.now();
    const late = AbortSignal.timeout(Math.ceil(options.deadline));
    const signal = options.signal ? AbortSignal.any([options.signal, late]) : late;
    try {
      const { session, id } = await openTransaction(address, options, signal);
      const timeLeft = options.deadline - (performance.now() - start);
      return new Snapshot(address, options, id, session, Math.max(0, timeLeft));
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!late.aborted) throw error;
      throw new AdapterError(
        `can't connect to ${address.shown}: no answer in ${options.deadline / 1000} s, all the time there was`,
        "is it, or the pooler before it, out of connections? A higher --timeout waits longer",
        deadlineCode,
      );
    }
  }

  /**
   * Runs one statement; waits for a free session.
   *
   * @param settings planner settings for this statement only, such as `{ enable_seqscan: "off" }`
   * @param onStart called when a session is free and the statement goes out
   * @throws QueryError where the server refuses it; the signal's reason when it is aborted.
   */
  async query<Row extends pg.QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
    settings: Readonly<Record<string, string>> = {},
    onStart: () => void = () => {},
  ): Promise<Row[]> {
    return this.alone((query) => {
      onStart();
      return query<Row>(sql, values, settings);
    });
  }

  /**
   * Keeps one session for several statements: what lives in a session, such as a prepared statement, is there
   * for the next one.
   *
   * @throws whatever the work does.
   */
  async alone<Value>(work: (query: Query) => Promise<Value>): Promise<Value> {
    const session = await this.take();
    const state = { isBroken: false };
    try {
      return await work((sql, values, settings) => this.run(session, state, sql, values, settings));
    } finally {
      this.give(session, state.isBroken);
    }
  }

  private async run<Row extends pg.QueryResultRow>(
    session: Session,
    state: { isBroken: boolean },
    sql: string,
    values: readonly unknown[] = [],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<Row[]> {
    if (state.isBroken) throw new QueryError("the connection to the database was lost", "08006");
    try {
      const local = Object.entries(settings).map(
        ([name, value]) =>
          `select pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, true)`,
      );
      await session.query(["savepoint statement", ...local].join("; "));
      // A cancel that came between two statements has stopped nothing.
      if (this.stopped.signal.aborted) throw new Error("stopped meanwhile");
      const rows = await session.query<Row>(marked(sql), values);
      await session.query("rollback to savepoint statement");
      return rows;
    } catch (error) {
      state.isBroken = !(await recover(session, error));
      this.options.signal?.throwIfAborted();
      if (this.isExpired) throw expired();
      throw new QueryError(messageOf(error), errorCode(error));
    }
  }

  /** Ends every session. Statements that still run are cancelled first. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.cancel();
    await Promise.all([...this.all].map((session) => session.end()));
  }

  /** At the deadline: what runs is cancelled, what waits is not started, what was answered stands. */
  private async expire(): Promise<void> {
    this.isExpired = true;
    await this.stop(expired());
  }

  private busy(): Session[] {
    return [...this.all].filter((session) => !this.idle.includes(session));
  }

  /** Stops what runs on the server; queued statements fail with the signal's reason. */
  private async cancel(): Promise<void> {
    this.cancelling ??= this.stop(this.options.signal?.reason ?? new Error("the snapshot is closed"));
    await this.cancelling;
  }

  private async stop(reason: Error): Promise<void> {
    this.stopped.abort();
    for (const { reject } of this.waiting.splice(0)) reject(reason);
    await Promise.all(this.busy().map((session) => session.cancel()));
    setTimeout(() => {
      for (const session of this.busy()) session.destroy();
    }, cancelGrace).unref();
  }

  private async take(): Promise<Session> {
    this.options.signal?.throwIfAborted();
    if (this.isExpired) throw expired();
    const idle = this.idle.pop();
    if (idle) return idle;
    if (this.all.size === 0) throw new QueryError("the connection to the database was lost", "08006");
    const mayOpen = this.id !== undefined && !this.isFull;
    if (mayOpen && this.all.size + this.opening < this.options.jobs) void this.openAnother();
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Another session on the same snapshot for whoever waits; where the server has none to give, we share. */
  private async openAnother(): Promise<void> {
    this.opening += 1;
    const signal = AbortSignal.any([this.stopped.signal, AbortSignal.timeout(furtherSessionLimit)]);
    try {
      const { session } = await openTransaction(this.address, this.options, signal, this.id);
      if (this.stopped.signal.aborted) return await session.end();
      this.all.add(session);
      this.give(session, false);
    } catch {
      this.isFull = true;
    } finally {
      this.opening -= 1;
    }
  }

  private give(session: Session, isBroken: boolean): void {
    if (isBroken) {
      this.all.delete(session);
      void session.end();
      if (this.all.size > 0) return;
      const lost = new QueryError("the connection to the database was lost", "08006");
      for (const { reject } of this.waiting.splice(0)) reject(lost);
      return;
    }
    const next = this.waiting.shift();
    if (next) next.resolve(session);
    else this.idle.push(session);
  }
}

function marked(sql: string): string {
  return sql.replace(/^((?:\s|--.*\n)*(?:select|with))\b/i, (start) => `${start} ${ownMark}`);
}

function expired(): QueryError {
  return new QueryError("the deadline has passed", deadlineCode);
}
