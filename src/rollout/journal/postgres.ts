import { type DatabaseAddress, parseDatabaseAddress } from "../../adapters/postgres/address.js";
import type { Session } from "../../adapters/postgres/connect.js";
import { fillSql, readSql } from "../../adapters/sql-file.js";
import { LostLockError } from "../lock/errors.js";
import { PostgresLock } from "../lock/postgres.js";
import type { Entry, EntryDraft } from "../types.js";
import { Chain, entryLeaf, type Line } from "./chain.js";
import { Connection, LostConnectionError } from "./connection.js";
import { changedJournal } from "./errors.js";
import type { JournalStore, Reading, SharedState, Writer } from "./store.js";

/** Where a team keeps its journal. */
export interface PostgresPlace {
  /** PostgreSQL URL of a direct connection: a pooler in transaction mode can't keep the lock's session. */
  readonly url: string;
  /** Name of the journal: the application. Several may share a database. */
  readonly name: string;
  /** Told once, when the tables were made. */
  readonly onCreate: (message: string) => void;
}

/**
 * The journal and the lock in PostgreSQL, in the schema `tenantctl`, which is made where it is missing.
 *
 * @throws AdapterError where the URL is none.
 */
export function openPostgresState({ url, name, onCreate }: PostgresPlace, writer: Writer): SharedState {
  const address = parseDatabaseAddress(url);
  const greet = async (session: Session) => {
    await session.query("set statement_timeout = '30s'");
    await session.query("set lock_timeout = '20s'");
    if (await createTables(session)) onCreate(`made the schema tenantctl in ${address.shown}`);
    await session.query("insert into tenantctl.rollout_journals (name) values ($1) on conflict do nothing", [
      name,
    ]);
  };
  const entries = new Connection(address, greet);
  // A session of its own: a long append must not delay a heartbeat.
  const beats = new Connection(address, greet);
  return {
    journal: new PostgresJournal(address, name, entries, writer),
    locks: new PostgresLock(name, beats),
    close: async () => {
      await Promise.all([entries.close(), beats.close()]);
    },
  };
}

/** Makes the tables where they are missing; two that come at once make them once. */
async function createTables(session: Session): Promise<boolean> {
  if ((await found(session)).hasTables) return false;
  await session.query("begin");
  try {
    await session.query("select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('tenantctl rollout'))");
    const { hasSchema, hasTables } = await found(session);
    // `if not exists` would ask for a right that a role with a schema of its own need not have.
    if (!hasSchema) await session.query("create schema tenantctl");
    if (!hasTables) await session.query(fillSql(readSql("rollout/create"), {}));
    await session.query("commit");
    return !hasTables;
  } catch (error) {
    await session.query("rollback").catch(() => {});
    throw error;
  }
}

/** Not by to_regclass: inside a transaction it may remember that there was none. */
async function found(session: Session): Promise<{ hasSchema: boolean; hasTables: boolean }> {
  const rows = await session.query<{ hasSchema: boolean; hasTables: boolean }>(
    `select
       exists (select from pg_catalog.pg_namespace where nspname = 'tenantctl') as "hasSchema",
       exists (
         select from pg_catalog.pg_class as c
         join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
         where n.nspname = 'tenantctl' and c.relname = 'rollout_locks'
       ) as "hasTables"`,
  );
  return rows[0]!;
}

class PostgresJournal implements JournalStore {
  #chain = new Chain();

  constructor(
    readonly address: DatabaseAddress,
    readonly name: string,
    readonly connection: Connection,
    readonly writer: Writer,
  ) {}

  get place(): string {
    return `${this.name} in ${this.address.shown}`;
  }

  async read(): Promise<Reading> {
    this.#chain = new Chain();
    await this.connection.use((session) => this.#catchUp(session));
    return this.#chain.reading(false);
  }

  async append(draft: EntryDraft, fence: number): Promise<Entry> {
    let line: Line | undefined;
    const add = () =>
      this.connection.transact(async (session) => {
        // All writers pass here, and whoever takes the lock: so no number is given twice, and none is left out.
        await session.query("select from tenantctl.rollout_journals where name = $1 for update", [this.name]);
        await this.#catchUp(session);
        if (this.#chain.change) throw changedJournal(this.place, this.#chain.change);
        if (line && this.#has(line)) return;
        await this.#requireLock(session, fence);
        line = this.#chain.following(draft, fence, this.writer);
        await session.query(
          "insert into tenantctl.rollout_entries (journal, sequence, line) values ($1, $2, $3)",
          [this.name, line.entry.sequence, JSON.stringify(line)],
        );
      });
    try {
      await add();
    } catch (error) {
      if (!(error instanceof LostConnectionError) || error.isRefusal) throw error;
      // It may have been committed all the same: the second time one looks first.
      await add();
    }
    return line!.entry;
  }

  /** Whether a line that may have been written was. */
  #has(line: Line): boolean {
    const found = this.#chain.entries[line.entry.sequence - 1];
    return found !== undefined && entryLeaf(found) === entryLeaf(line.entry);
  }

  /** @throws LostLockError where somebody has taken the lock since. */
  async #requireLock(session: Session, fence: number): Promise<void> {
    const rows = await session.query<{ fence: string | null; record: string | null }>(
      `select fence::text, record from tenantctl.rollout_locks where journal = $1 order by fence desc limit 1`,
      [this.name],
    );
    const written = this.#chain.entries.at(-1)?.fence ?? 0;
    if (Number(rows[0]?.fence ?? 0) === fence && fence >= written) return;
    throw new LostLockError(fence, rows[0]?.record ? JSON.parse(rows[0].record) : undefined);
  }

  /** Reads what was added since. */
  async #catchUp(session: Session): Promise<void> {
    const rows = await session.query<{ line: string }>(
      "select line from tenantctl.rollout_entries where journal = $1 and sequence > $2 order by sequence",
      [this.name, this.#chain.entries.length],
    );
    for (const { line } of rows) this.#chain.take(parsed(line));
  }
}

/** A text that is no JSON any more is a line that fits nowhere. */
function parsed(line: string): Partial<Line> {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return {};
  }
}
