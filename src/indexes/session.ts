import type { DatabaseAddress } from "../adapters/postgres/address.js";
import { openSession, type Session } from "../adapters/postgres/connect.js";
import { errorCode, messageOf } from "../adapters/postgres/failure.js";
import { UnavailableError } from "../findings/errors.js";
import type { Backend } from "./journal.js";

/** What `pg_stat_activity` shows our sessions as. */
export const applicationName = "tenantctl index";

/** A session of its own for work that takes long, with the server process behind it. */
export interface WorkSession {
  readonly session: Session;
  readonly backend: Backend;
}

export interface SessionSettings {
  /** `maintenance_work_mem`, as PostgreSQL takes it. */
  readonly memory?: string | undefined;
  /** `max_parallel_maintenance_workers` */
  readonly workers?: number | undefined;
  /** Builds that run side by side: they share the processes that the server grants to one. */
  readonly sharedBy?: number | undefined;
}

/** One build may take itself and so many workers; `$1` builds take no more than that together. */
const shareOfWorkers =
  "select pg_catalog.set_config('max_parallel_maintenance_workers', greatest(0, (pg_catalog.current_setting('max_parallel_maintenance_workers')::int4 + 1) / $1::int4 - 1)::text, false)";

/** Whatever role, database or server say: a build takes as long as it takes, and our own deadline ends it. */
function settingsFor(versionNumber: number, { memory, workers }: SessionSettings): Record<string, string> {
  return {
    statement_timeout: "0",
    lock_timeout: "0",
    idle_in_transaction_session_timeout: "0",
    // Seconds: the server's own default finds out after two hours that a client is gone.
    tcp_keepalives_idle: "60",
    tcp_keepalives_interval: "10",
    tcp_keepalives_count: "6",
    // A client that dies must not take an hour's work with it: `index resume` finds the build again.
    ...(versionNumber >= 140_000 ? { idle_session_timeout: "0", client_connection_check_interval: "0" } : {}),
    ...(versionNumber >= 170_000 ? { transaction_timeout: "0" } : {}),
    ...(memory === undefined ? {} : { maintenance_work_mem: memory }),
    ...(workers === undefined ? {} : { max_parallel_maintenance_workers: String(workers) }),
  };
}

/**
 * Opens a session for long work.
 *
 * @throws AdapterError where the server can't be reached, UnavailableError where it refuses a setting.
 */
export async function openWorkSession(
  address: DatabaseAddress,
  settings: SessionSettings = {},
  signal?: AbortSignal,
): Promise<WorkSession> {
  const session = await openSession(address, signal, applicationName);
  try {
    for (const [name, value] of Object.entries(settingsFor(session.versionNumber, settings)))
      await session.query("select pg_catalog.set_config($1, $2, false)", [name, value]);
    const { workers, sharedBy = 1 } = settings;
    if (workers === undefined && sharedBy > 1) await session.query(shareOfWorkers, [sharedBy]);
    const [backend] = await session.query<{ pid: number; started: string }>(
      "select pid, backend_start::text as started from pg_catalog.pg_stat_activity where pid = pg_catalog.pg_backend_pid()",
    );
    return { session, backend: backend! };
  } catch (error) {
    await session.end();
    throw new UnavailableError(
      `the server does not take a setting of the session: ${messageOf(error)}`,
      "check --maintenance-work-mem and --workers",
    );
  }
}

const networkErrors: ReadonlySet<string> = new Set([
  ...["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENETDOWN"],
  ...["ENOTFOUND", "EAI_AGAIN"],
]);

/** Whether the connection, not the statement, came to an end: the server may go on with what it was asked. */
export function isConnectionLost(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined && /^(08|57P0[1-3])/.test(code)) return true;
  if (code !== undefined && networkErrors.has(code)) return true;
  return /connection (terminated|ended|error)|not queryable|was closed/i.test(messageOf(error));
}
