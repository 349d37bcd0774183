import type pg from "pg";
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
  /** For everything together, in milliseconds: an old snapshot holds back vacuum and index builds. */
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
  private isClosed = false;
  private isExpired = false;
  private readonly timer: NodeJS.Timeout;
  private cancelling: Promise<unknown> | undefined;

  private constructor(
    private readonly address: DatabaseAddress,
    private readonly options: SnapshotOptions,
    private readonly id: string | undefined,
  ) {
    this.timer = setTimeout(() => void this.expire(), options.deadline).unref();
  }

  /**
   * Opens the first session and takes the snapshot.
   *
   * @throws AdapterError where the database can't be reached; the signal's reason when it is aborted.
   */
  static async open(address: DatabaseAddress, options: SnapshotOptions): Promise<Snapshot> {
    options.signal?.throwIfAborted();
    const session = await openSession(address);
    const id = await begin(session, options).catch(async (error) => {
      await session.end();
      throw new AdapterError(
        `can't read ${address.shown}: ${messageOf(error)}`,
        "check the server's log",
        errorCode(error),
      );
    });
    const snapshot = new Snapshot(address, options, id);
    snapshot.all.add(session);
    snapshot.idle.push(session);
    options.signal?.addEventListener("abort", () => void snapshot.cancel(), { once: true });
    return snapshot;
  }

  /** Whether another statement would start at once. */
  get hasRoom(): boolean {
    return this.idle.length > 0 || this.all.size + this.opening < this.options.jobs;
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
    for (const { reject } of this.waiting.splice(0)) reject(expired());
    await Promise.all(this.busy().map((session) => session.cancel()));
  }

  private busy(): Session[] {
    return [...this.all].filter((session) => !this.idle.includes(session));
  }

  /** Stops what runs on the server; queued statements fail with the signal's reason. */
  private async cancel(): Promise<void> {
    this.isClosed = true;
    const reason = this.options.signal?.reason ?? new Error("the snapshot is closed");
    for (const { reject } of this.waiting.splice(0)) reject(reason);
    this.cancelling ??= Promise.all(this.busy().map((session) => session.cancel()));
    await this.cancelling;
  }

  private async take(): Promise<Session> {
    this.options.signal?.throwIfAborted();
    if (this.isExpired) throw expired();
    const idle = this.idle.pop();
    if (idle) return idle;
    if (this.id !== undefined && this.all.size + this.opening < this.options.jobs) {
      const opened = await this.openAnother();
      if (opened) return opened;
    }
    if (this.all.size === 0) throw new QueryError("the connection to the database was lost", "08006");
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Another session on the same snapshot; undefined where the server has none to give, and then we share. */
  private async openAnother(): Promise<Session | undefined> {
    this.opening += 1;
    let session: Session | undefined;
    try {
      session = await openSession(this.address);
      await begin(session, this.options, this.id);
      if (this.isClosed) throw new Error("closed meanwhile");
      this.all.add(session);
      return session;
    } catch {
      await session?.end();
      return undefined;
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

/** Starts the transaction; exports its snapshot where none is given. Returns the snapshot's id. */
async function begin(session: Session, options: SnapshotOptions, id?: string): Promise<string | undefined> {
  const settings: Record<string, string> = {
    row_security: "off",
    statement_timeout: String(options.statementTimeout),
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
      ...local,
      // Operators of extensions, such as citext's, are found wherever those are installed.
      "select pg_catalog.set_config('search_path', (select coalesce(pg_catalog.string_agg(distinct pg_catalog.quote_ident(n.nspname), ', '), '') from pg_catalog.pg_extension as e join pg_catalog.pg_namespace as n on n.oid = e.extnamespace), true)",
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
