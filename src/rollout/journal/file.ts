import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { JournalFile } from "../../adapters/journal-file.js";
import { UnavailableError } from "../../findings/errors.js";
import { LostLockError } from "../lock/errors.js";
import { FileLock } from "../lock/file.js";
import type { Entry, EntryDraft } from "../types.js";
import { Chain, type Line } from "./chain.js";
import { changedJournal } from "./errors.js";
import type { JournalStore, Reading, SharedState, Writer } from "./store.js";

/**
 * The journal and the lock as files of the state folder: `rollout/journal.jsonl`, `rollout/lock-N.json`.
 *
 * @param folder the state folder, absolute; nothing is made before something is written
 */
export function openFileState(folder: string, writer: Writer): SharedState {
  const own = join(folder, "rollout");
  const locks = new FileLock(own);
  return { journal: new FileJournal(own, locks, writer), locks, close: async () => {} };
}

class FileJournal implements JournalStore {
  readonly #file: JournalFile<Line>;
  /** What was read, as long as the file has still this size. */
  #known: { readonly chain: Chain; readonly size: number } | undefined;

  constructor(
    readonly folder: string,
    readonly locks: FileLock,
    readonly writer: Writer,
  ) {
    this.#file = new JournalFile<Line>(join(folder, "journal.jsonl"));
  }

  get place(): string {
    return this.#file.path;
  }

  async read(): Promise<Reading> {
    // Whoever asks wants to know what is there, not what was.
    this.#known = undefined;
    const text = this.#text();
    return this.#chain().reading(text !== "" && !text.endsWith("\n"));
  }

  async append(draft: EntryDraft, fence: number): Promise<Entry> {
    const chain = this.#chain();
    if (chain.change) throw changedJournal(this.place, chain.change);
    if (this.locks.greatest() > fence || fence < (chain.entries.at(-1)?.fence ?? 0))
      throw new LostLockError(fence, await this.locks.current());
    const line = chain.following(draft, fence, this.writer);
    this.#write(line);
    // Who lost the lock between the look and the write finds another entry in the place of its own.
    const written = this.#chain().entries[line.entry.sequence - 1];
    if (written?.fence !== fence || this.#chain().root !== line.root)
      throw new LostLockError(fence, await this.locks.current());
    return line.entry;
  }

  #write(line: Line): void {
    try {
      mkdirSync(this.folder, { recursive: true });
      this.#file.append(line);
    } catch (error) {
      throw new UnavailableError(
        `can't write the journal ${this.place}: ${(error as NodeJS.ErrnoException).code ?? error}`,
        "nothing is done that can't be written down: check the disk's space and the folder's rights",
      );
    }
  }

  #text(): string {
    return existsSync(this.place) ? readFileSync(this.place, "utf8") : "";
  }

  #chain(): Chain {
    const size = existsSync(this.place) ? statSync(this.place).size : 0;
    if (this.#known?.size === size) return this.#known.chain;
    const chain = new Chain();
    if (size > 0) for (const line of this.#file.entries()) chain.take(line);
    this.#known = { chain, size };
    return chain;
  }
}
