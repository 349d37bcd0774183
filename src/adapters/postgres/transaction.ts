import { abortable } from "../abortable.js";
import { AdapterError } from "../errors.js";
import { quoteLiteral } from "../sql-file.js";
import type { DatabaseAddress } from "./address.js";
import { openSession, type Session } from "./connect.js";
import { errorCode, messageOf } from "./failure.js";

export interface TransactionOptions {
  /** Sessions that are to share the snapshot, 1 or more. */
  readonly jobs: number;
  /** For one statement, in milliseconds; 0 is none. */
  readonly statementTimeout: number;
  /** How long a statement may wait for a lock, in milliseconds. */
  readonly lockTimeout: number;
}

/**
 * A session in its `repeatable read read only` transaction, on the snapshot of another one where its id is
 * given. The signal ends the attempt.
 *
 * @returns the session, and the id of its snapshot where the server exports it
 * @throws AdapterError where it can't be had; the signal's reason when it is aborted.
 */
export async function openTransaction(
  address: DatabaseAddress,
  options: TransactionOptions,
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
async function begin(
  session: Session,
  options: TransactionOptions,
  id?: string,
): Promise<string | undefined> {
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
export async function recover(session: Session, error: unknown): Promise<boolean> {
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
