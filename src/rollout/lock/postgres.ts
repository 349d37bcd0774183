import type { Session } from "../../adapters/postgres/connect.js";
import type { Connection } from "../journal/connection.js";
import type { LockRecord, LockStore } from "./store.js";

/**
 * The lock as rows, one for each fencing number. Its holder's session also holds an advisory lock on that
 * number: where somebody else can get it, the session has ended, and the process with it.
 */
export class PostgresLock implements LockStore {
  constructor(
    readonly name: string,
    readonly connection: Connection,
  ) {}

  async current(): Promise<LockRecord | undefined> {
    return this.connection.use((session) => this.#newest(session));
  }

  async take(record: LockRecord): Promise<boolean> {
    return this.connection.transact(async (session) => {
      // Whoever appends holds this row until it has committed: no entry of before comes after.
      await session.query("select from tenantctl.rollout_journals where name = $1 for update", [this.name]);
      const newest = await this.#newest(session);
      if ((newest?.fence ?? 0) >= record.fence || !(await this.#tryAdvisory(session, record.fence)))
        return false;
      await session.query(
        "insert into tenantctl.rollout_locks (journal, fence, record) values ($1, $2, $3)",
        [this.name, record.fence, JSON.stringify(record)],
      );
      return true;
    });
  }

  async update(record: LockRecord): Promise<boolean> {
    return this.connection.use(async (session) => {
      const isNewest = (await this.#newest(session))?.fence === record.fence;
      if (!isNewest) return false;
      await session.query(
        "update tenantctl.rollout_locks set record = $3 where journal = $1 and fence = $2",
        [this.name, record.fence, JSON.stringify(record)],
      );
      if (record.isReleased) await this.#unlock(session, record.fence);
      // A session that was lost has lost its advisory lock too.
      else if (!(await this.#holds(session, record.fence))) await this.#tryAdvisory(session, record.fence);
      return true;
    });
  }

  async isGone({ fence }: LockRecord): Promise<boolean> {
    return this.connection.use(async (session) => {
      // A session gets its own advisory lock any number of times.
      if (await this.#holds(session, fence)) return false;
      if (!(await this.#tryAdvisory(session, fence))) return false;
      await this.#unlock(session, fence);
      return true;
    });
  }

  async #newest(session: Session): Promise<LockRecord | undefined> {
    const rows = await session.query<{ record: string }>(
      "select record from tenantctl.rollout_locks where journal = $1 order by fence desc limit 1",
      [this.name],
    );
    return rows[0] && (JSON.parse(rows[0].record) as LockRecord);
  }

  /** Asked for again and again, never waited for: a session that waits holds a snapshot. */
  async #tryAdvisory(session: Session, fence: number): Promise<boolean> {
    const rows = await session.query<{ got: boolean }>(
      "select pg_catalog.pg_try_advisory_lock(pg_catalog.hashtext($1), $2::int4) as got",
      [advisoryName(this.name), fence],
    );
    return rows[0]!.got;
  }

  async #unlock(session: Session, fence: number): Promise<void> {
    await session.query("select pg_catalog.pg_advisory_unlock(pg_catalog.hashtext($1), $2::int4)", [
      advisoryName(this.name),
      fence,
    ]);
  }

  async #holds(session: Session, fence: number): Promise<boolean> {
    const rows = await session.query<{ holds: boolean }>(
      `select exists (
         select from pg_catalog.pg_locks as l
         where l.locktype = 'advisory' and l.pid = pg_catalog.pg_backend_pid() and l.granted
           and l.objsubid = 2 and l.objid::int8 = $2
           and l.classid::int8 = (pg_catalog.hashtext($1)::int8 & 4294967295)
       ) as holds`,
      [advisoryName(this.name), fence],
    );
    return rows[0]!.holds;
  }
}

function advisoryName(journal: string): string {
  return `tenantctl rollout ${journal}`;
}
