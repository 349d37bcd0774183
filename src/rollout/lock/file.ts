import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { hasEnded } from "./process.js";
import type { LockRecord, LockStore } from "./store.js";

/**
 * The lock as files, one for each fencing number. A number is taken by linking a finished file to its name,
 * which succeeds for one process only; so the lock is never broken in place, only overtaken.
 */
export class FileLock implements LockStore {
  /** @param folder absolute; made where it is missing */
  constructor(readonly folder: string) {}

  async current(): Promise<LockRecord | undefined> {
    // A file that is overtaken between the list and the look is gone.
    for (;;) {
      const fence = this.greatest();
      if (fence === 0) return undefined;
      const record = this.#read(fence);
      if (record) return record;
    }
  }

  /** The greatest fencing number that was ever given out; 0 before the first. */
  greatest(): number {
    if (!existsSync(this.folder)) return 0;
    return Math.max(0, ...this.#fences());
  }

  async take(record: LockRecord): Promise<boolean> {
    mkdirSync(this.folder, { recursive: true });
    const draft = this.#write(record);
    try {
      linkSync(draft, this.#pathOf(record.fence));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    syncFolder(this.folder);
    // A slow process may have been given a number whose file was overtaken and removed meanwhile.
    if (this.greatest() !== record.fence) {
      rmSync(this.#pathOf(record.fence), { force: true });
      return false;
    }
    for (const fence of this.#fences().filter((each) => each < record.fence))
      rmSync(this.#pathOf(fence), { force: true });
    return true;
  }

  async update(record: LockRecord): Promise<boolean> {
    if (this.greatest() !== record.fence) return false;
    renameSync(this.#write(record), this.#pathOf(record.fence));
    return this.greatest() === record.fence;
  }

  async isGone(record: LockRecord): Promise<boolean> {
    return hasEnded(record);
  }

  #fences(): number[] {
    return readdirSync(this.folder).flatMap((name) => {
      const number = name.match(/^lock-(\d+)\.json$/)?.[1];
      return number === undefined ? [] : [Number(number)];
    });
  }

  #pathOf(fence: number): string {
    return join(this.folder, `lock-${fence}.json`);
  }

  #read(fence: number): LockRecord | undefined {
    try {
      return JSON.parse(readFileSync(this.#pathOf(fence), "utf8")) as LockRecord;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  #write(record: LockRecord): string {
    const path = join(this.folder, `.${record.fence}-${process.pid}.draft`);
    const file = openSync(path, "w", 0o600);
    try {
      writeSync(file, JSON.stringify(record));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return path;
  }
}

/** A name that was linked is on disk only once its folder is. */
function syncFolder(folder: string): void {
  const file = openSync(folder, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
