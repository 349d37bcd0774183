import { pause } from "../adapters/pause.js";
import type { Session } from "../adapters/postgres/connect.js";
import { readSql } from "../adapters/sql-file.js";

/** `tena` as a number: the first half of our locks, so that they are nobody else's. */
const lockClass = 0x74656e61;

/** Between two tries, in milliseconds. */
const interval = 300;

/**
 * Takes our lock on the work at one table, for as long as the session lives. The session that builds holds it:
 * where only the client died, the server process goes on with both, and whoever wants the lock next waits
 * for just that build.
 *
 * @param onWait called at each try that failed, with the process that has the lock
 * @throws the signal's reason as soon as it is aborted.
 */
export async function takeTableLock(
  session: Session,
  tableId: string,
  signal: AbortSignal,
  onWait: (holder: number | null) => void | Promise<void>,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const [row] = await session.query<{ is_ours: boolean; holder: number | null }>(
      readSql("indexes/table-lock"),
      [lockClass, lockKey(tableId)],
    );
    if (row!.is_ours) return;
    await onWait(row!.holder);
    await pause(interval, signal);
  }
}

/** Who has our lock on a table, in words. */
export function lockHolder(pid: number | null): string {
  return pid === null ? "our lock on the table" : `process ${pid}, which works on the table for tenantctl`;
}

export async function releaseTableLock(session: Session, tableId: string): Promise<void> {
  await session.query("select pg_catalog.pg_advisory_unlock($1, $2)", [lockClass, lockKey(tableId)]);
}

/** An object id has 32 bits without a sign, the key 32 with one. */
function lockKey(tableId: string): number {
  return Number(tableId) | 0;
}
