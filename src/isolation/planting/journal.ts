import { join } from "node:path";
import { JournalFile } from "../../adapters/journal-file.js";

export { stateFolderOf } from "../../adapters/journal-file.js";

/** One line of a journal. No token stands in it. */
export interface JournalEntry {
  readonly event: "creating" | "created" | "refused" | "deleted" | "left";
  readonly at: string;
  /** Name of the tenant in config or environment, and its id. */
  readonly tenant: string;
  readonly tenantId: string;
  /** Where the object is, or would be created; absolute. */
  readonly url: string;
  /** Of what was created: the API has no way to delete it. */
  readonly isForGood?: true;
}

type Written = Omit<JournalEntry, "at">;

/** What a run created, written down before and after, so that a killed run can be cleaned up after. */
export class Journal {
  private readonly file: JournalFile<Written>;

  /** @param folder state folder of the project, absolute */
  constructor(folder: string, run: string) {
    this.file = JournalFile.create(folderOf(folder), run);
  }

  get path(): string {
    return this.file.path;
  }

  write(entry: Written): void {
    this.file.append(entry);
  }

  /** Nothing is left: the journal has done its work. */
  discard(): void {
    this.file.discard();
  }

  static discard(path: string): void {
    new JournalFile(path).discard();
  }

  static append(path: string, entry: Written): void {
    new JournalFile<Written>(path).append(entry);
  }
}

export interface Leftovers {
  readonly path: string;
  /** Objects that were created and not deleted, and can be, the last first. */
  readonly created: readonly JournalEntry[];
  /** Objects that were created and that the API has no way to delete. */
  readonly forGood: readonly JournalEntry[];
  /** Creations of which it is not known if they came to be. */
  readonly unsure: readonly JournalEntry[];
}

/** What the journals of a state folder say is still there. */
export function readLeftovers(folder: string): Leftovers[] {
  return JournalFile.all<Written>(folderOf(folder)).map(leftoversOf);
}

function folderOf(stateFolder: string): string {
  return join(stateFolder, "isolation");
}

function leftoversOf(file: JournalFile<Written>): Leftovers {
  const entries = file.entries();
  // An id that was deleted may be given again.
  const there = new Map<string, JournalEntry>();
  for (const entry of entries) {
    if (entry.event === "deleted") there.delete(entry.url);
    else if (entry.event === "created") there.set(entry.url, entry);
  }
  const all = [...there.values()].reverse();
  const intents = entries.filter(({ event }) => event === "creating");
  const outcomes = entries.filter(({ event }) => event === "created" || event === "refused");
  return {
    path: file.path,
    created: all.filter(({ isForGood }) => !isForGood),
    forGood: all.filter(({ isForGood }) => isForGood),
    unsure: intents.slice(outcomes.length),
  };
}
