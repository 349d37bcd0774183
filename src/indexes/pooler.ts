import type { DatabaseAddress } from "../adapters/postgres/address.js";
import { openSession, type Session } from "../adapters/postgres/connect.js";
import { UnavailableError } from "../findings/errors.js";
import { applicationName } from "./session.js";

const looks = 3;
/** For a look to be answered, in milliseconds: a pool of one connection gives no second one. */
const patience = 3000;

/**
 * Refuses a pooler that gives a server connection to another client between two statements (PgBouncer's
 * `pool_mode = transaction`): settings and locks of ours would be somebody else's, and a pool's timeouts end
 * long statements.
 *
 * A pooler names a server process of its own at login, so that is the first sign; then a second session is
 * given the connection that the first one just used. A pooler in session mode, or a proxy, passes.
 *
 * @throws UnavailableError with how to get a direct address.
 */
export async function requireDirect(address: DatabaseAddress, session: Session): Promise<void> {
  const own = await pidOf(session);
  if (own === session.processId) return;
  if (!(await isShared(address, session, own))) return;
  throw new UnavailableError(
    `${address.shown} is a connection pooler in transaction mode: a build needs a session of its own`,
    "name the server itself: --url env:DIRECT_URL (Prisma's directUrl; often port 5432 in place of 6432 or 6543)",
  );
}

async function isShared(address: DatabaseAddress, session: Session, own: number): Promise<boolean> {
  for (let look = 0; look < looks; look += 1) {
    const late = AbortSignal.timeout(patience);
    let other: Session | undefined;
    try {
      other = await openSession(address, late, applicationName);
      await other.query("begin");
      if ((await pidOf(other)) === own) return true;
      if ((await pidOf(session)) !== own) return true;
    } catch {
      // Its only connection went to one of the two sessions, though both are logged in.
      if (late.aborted) return true;
    } finally {
      other?.destroy();
    }
  }
  return false;
}

async function pidOf(session: Session): Promise<number> {
  const [row] = await session.query<{ pid: number }>("select pg_catalog.pg_backend_pid() as pid");
  return row!.pid;
}
