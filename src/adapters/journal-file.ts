import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join, resolve } from "node:path";

/** The state folder of a project. */
export function stateFolderOf(base: string, named: string | undefined): string {
  return resolve(base, named ?? ".tenantctl");
}

/**
 * A file of JSON lines that is only ever added to: what was intended, before it is done, and how it ended,
 * after. Whoever comes after a killed run reads there what may be left.
 */
export class JournalFile<Entry extends object> {
  constructor(readonly path: string) {}

  /**
   * A new journal in a folder of the state folder.
   *
   * @param folder `<state folder>/<domain>`, absolute; made where it is missing
   */
  static create<Entry extends object>(folder: string, run: string): JournalFile<Entry> {
    mkdirSync(folder, { recursive: true });
    return new JournalFile(join(folder, `${run}.jsonl`));
  }

  /** The journals of a folder, the oldest first where runs are named by their time. */
  static all<Entry extends object>(folder: string): JournalFile<Entry>[] {
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .map((name) => new JournalFile<Entry>(join(folder, name)));
  }

  /** Adds a line with the time of day; it is on disk before this returns. */
  append(entry: Entry): void {
    const file = openSync(this.path, "a+", 0o600);
    try {
      writeSync(
        file,
        `${lineEndBefore(file)}${JSON.stringify({ ...entry, at: new Date().toISOString() })}\n`,
      );
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  /** What was written. The last line of a killed run may be cut: it is left out. */
  entries(): (Entry & { readonly at: string })[] {
    return readFileSync(this.path, "utf8")
      .split("\n")
      .flatMap(parsed<Entry>);
  }

  /** Nothing is left: the journal has done its work. */
  discard(): void {
    rmSync(this.path, { force: true });
  }
}

/** A line that was cut must not take the next one with it. */
function lineEndBefore(file: number): string {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  if (size > 0) readSync(file, last, 0, 1, size - 1);
  return size === 0 || last[0] === 0x0a ? "" : "\n";
}

function parsed<Entry>(line: string): (Entry & { readonly at: string })[] {
  try {
    return line === "" ? [] : [JSON.parse(line) as Entry & { readonly at: string }];
  } catch {
    return [];
  }
}
