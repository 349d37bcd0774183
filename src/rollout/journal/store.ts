import type { LockStore } from "../lock/store.js";
import type { Entry, EntryDraft } from "../types.js";

/** A journal as it was read. */
export interface Reading {
  /** Those whose root fits, in order. */
  readonly entries: readonly Entry[];
  /** Merkle root over `entries`; to be signed together with their number. */
  readonly root: string;
  /** A writer was killed in the middle of a line: that entry was not written. */
  readonly isCut: boolean;
  /** Lines of writers that had lost the lock. They never counted. */
  readonly strays: number;
  /** From here on the journal is not what was written. */
  readonly change?: Change;
}

export interface Change {
  /** The first entry that does not fit. */
  readonly sequence: number;
  readonly reason: string;
}

/** Where entries are kept. They are only ever added. */
export interface JournalStore {
  /** Fit for any output. */
  readonly place: string;
  read(): Promise<Reading>;
  /**
   * Adds an entry; it is on disk before this returns.
   *
   * @param fence fencing number of the lock that the writer holds
   * @throws LostLockError where somebody has taken the lock since; nothing was written then.
   * @throws UnavailableError where it can't be written, or was changed.
   */
  append(draft: EntryDraft, fence: number): Promise<Entry>;
}

/** What several operators share: the journal, and the lock that its writers hold. */
export interface SharedState {
  readonly journal: JournalStore;
  readonly locks: LockStore;
  close(): Promise<void>;
}

/** Who writes, and how. */
export interface Writer {
  /** `user@host` */
  readonly actor: string;
  readonly now: () => Date;
  /** Takes secrets out of what is written. */
  readonly clean: <Value>(value: Value) => Value;
}
