import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join, resolve } from "node:path";

/** The state folder of a project. */
export function stateFolderOf(base: string, named: string | undefined): string {
  return resolve(base, named ?? ".tenantctl");
}

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

/** What a run created, written down before and after, so that a killed run can be cleaned up after. */
export class Journal {
  readonly path: string;

  /** @param folder state folder of the project, absolute */
  constructor(folder: string, run: string) {
    mkdirSync(join(folder, "isolation"), { recursive: true });
    this.path = join(folder, "isolation", `${run}.jsonl`);
  }

  write(entry: Omit<JournalEntry, "at">): void {
    Journal.append(this.path, entry);
  }

  /** Nothing is left: the journal has done its work. */
  discard(): void {
    Journal.discard(this.path);
  }

  static discard(path: string): void {
    rmSync(path, { force: true });
  }

  /** On disk before it returns. */
  static append(path: string, entry: Omit<JournalEntry, "at">): void {
    const file = openSync(path, "a", 0o600);
    try {
      writeSync(file, `${JSON.stringify({ ...entry, at: new Date().toISOString() })}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
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
  const journals = join(folder, "isolation");
  if (!existsSync(journals)) return [];
  return readdirSync(journals)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => leftoversOf(join(journals, name)));
}

function leftoversOf(path: string): Leftovers {
  const entries = readFileSync(path, "utf8").split("\n").flatMap(parsed);
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
    path,
    created: all.filter(({ isForGood }) => !isForGood),
    forGood: all.filter(({ isForGood }) => isForGood),
    unsure: intents.slice(outcomes.length),
  };
}

/** The last line of a killed run may be cut. */
function parsed(line: string): JournalEntry[] {
  try {
    return line === "" ? [] : [JSON.parse(line) as JournalEntry];
  } catch {
    return [];
  }
}
