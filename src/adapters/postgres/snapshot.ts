import type pg from "pg";
import { abortable } from "../abortable.js";
import { AdapterError } from "../errors.js";
import { quoteLiteral } from "../sql-file.js";
import type { DatabaseAddress } from "./address.js";
import { openSession, type Session } from "./connect.js";
import { errorCode, messageOf } from "./failure.js";

export interface SnapshotOptions {
  /** Sessions at most, 1 or more. Further ones are opened only when there is work for them. */
  readonly jobs: number;
  /** For one statement, in milliseconds; 0 is none. */
  readonly statementTimeout: number;
  /** How long a statement may wait for a lock, in milliseconds. */
  readonly lockTimeout: number;
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

/** What the first session may take to come, the others may not: the work goes on without them. In milliseconds. */
const furtherSessionLimit = 5000;
/** For a cancelled statement to end before its connection is dropped, in milliseconds. */
const cancelGrace = 3000;

interface Waiting {
  readonly resolve: (session: Session) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Read-only sessions that share one snapshot: however long an audit takes, all of it sees the same moment.
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
  /** Aborted when no further session is wanted. */
  private readonly openings = new AbortController();
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
    const session = await this.take();
    onStart();
    let isBroken = false;
    try {
      const local = Object.entries(settings).map(
        ([name, value]) => `set local ${name} = ${quoteLiteral(value)}`,
      );
      await session.query(["savepoint statement", ...local].join("; "));
      // A cancel that came between two statements has stopped nothing.
      if (this.openings.signal.aborted) throw new Error("stopped meanwhile");
      const rows = await session.query<Row>(sql, values);
      await session.query("rollback to savepoint statement");
      return rows;
    } catch (error) {
      isBroken = !(await recover(session, error));
      this.options.signal?.throwIfAborted();
      if (this.isExpired) throw expired();
      throw new QueryError(messageOf(error), errorCode(error));
    } finally {
      this.give(session, isBroken);
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
    this.openings.abort();
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
    const mayOpen = this.id !== undefined && !this.isFull && !this.openings.signal.aborted;
    if (mayOpen && this.all.size + this.opening < this.options.jobs) void this.openAnother();
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Another session on the same snapshot for whoever waits; where the server has none to give, we share. */
  private async openAnother(): Promise<void> {
    this.opening += 1;
    const signal = AbortSignal.any([this.openings.signal, AbortSignal.timeout(furtherSessionLimit)]);
    try {
      const { session } = await openTransaction(this.address, this.options, signal, this.id);
      if (this.openings.signal.aborted) return await session.end();
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

function expired(): QueryError {
  return new QueryError("the deadline has passed", deadlineCode);
}

/**
 * A session in its transaction; the signal ends the attempt.
 *
 * @throws AdapterError where it can't be had; the signal's reason when it is aborted.
 */
async function openTransaction(
  address: DatabaseAddress,
  options: SnapshotOptions,
  signal: AbortSignal,
  sharedId?: string,
): Promise<{ session: Session; id: string | undefined }> {
  const session = await openSession(address, signal);
  try {
    const id = await abortable(signal, session.destroy, () => begin(session, options, sharedId));
    return { session, id };
  } catch (error) {
    await session.end();
    signal.throwIfAborted();
    throw new AdapterError(
      `can't read ${address.shown}: ${messageOf(error)}`,
      "check the server's log",
      errorCode(error),
    );
  }
}

/** Starts the transaction; exports its snapshot where none is given. Returns the snapshot's id. */
async function begin(session: Session, options: SnapshotOptions, id?: string): Promise<string | undefined> {
  const settings: Record<string, string> = {
    row_security: "off",
    // A fraction would be rounded, and 0 is no limit at all.
    statement_timeout: String(Math.ceil(options.statementTimeout)),
    lock_timeout: String(options.lockTimeout),
    idle_in_transaction_session_timeout: "0",
    jit: "off",
    ...(session.isLinux && session.versionNumber >= 140_000
      ? { client_connection_check_interval: "2s" }
      : {}),
    ...(session.versionNumber >= 170_000 ? { transaction_timeout: "0" } : {}),
  };
  const local = Object.entries(settings).map(([name, value]) => `set local ${name} = ${quoteLiteral(value)}`);
  await session.query(
    [
      "begin isolation level repeatable read read only",
      ...(id === undefined ? [] : [`set transaction snapshot ${quoteLiteral(id)}`]),
      // Operators of extensions, such as citext's, are found wherever those are installed.
      "select pg_catalog.set_config('search_path', (select coalesce(pg_catalog.string_agg(distinct pg_catalog.quote_ident(n.nspname), ', '), '') from pg_catalog.pg_extension as e join pg_catalog.pg_namespace as n on n.oid = e.extnamespace), true)",
      ...local,
    ].join("; "),
  );
  if (id !== undefined || options.jobs === 1) return id;
  try {
    const [row] = await session.query<{ id: string }>("select pg_catalog.pg_export_snapshot() as id");
    return row!.id;
  } catch {
    // Some proxies and managed standbys refuse it: then one session does all the work.
    await session.query("rollback");
    return begin(session, { ...options, jobs: 1 });
  }
}

/** Brings the session back to its savepoint; false where the connection is gone. */
async function recover(session: Session, error: unknown): Promise<boolean> {
  const code = errorCode(error);
  const isSqlState = code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith("E");
  if (!isSqlState || code.startsWith("08") || code.startsWith("57P")) return false;
  try {
    await session.query("rollback to savepoint statement");
    return true;
  } catch {
    return false;
  }
}
