import { join } from "node:path";
import { JournalFile } from "../adapters/journal-file.js";
import type { LedgerEvent } from "./ledger.js";

/** Whose copy of which workflow, and where it ran. */
export interface CopyKey {
  readonly workflow: string;
  /** Name of the tenant in config or environment, and its id. */
  readonly tenant: string;
  readonly tenantId: string;
  readonly baseUrl: string;
}

/** One line of a journal. No token stands in it, nor what a field that is called a secret held. */
type JournalEntry = CopyKey & LedgerEvent;

/** What the copies of a run changed, written down before and after, so that a killed run can be cleaned up after. */
export class Journal {
  #file: JournalFile<JournalEntry> | undefined;

  /** @param folder state folder of the project, absolute */
  constructor(
    readonly folder: string,
    readonly run: string,
  ) {}

  /** Takes down what happens to a copy, from its first change on: one that only reads leaves nothing to clean up. */
  writerFor(key: CopyKey): (event: LedgerEvent) => void {
    let waiting: LedgerEvent[] | undefined = [];
    return (event) => {
      waiting?.push(event);
      if (waiting && event.event !== "sending") return;
      this.#file ??= JournalFile.create(folderOf(this.folder), this.run);
      for (const each of waiting ?? [event]) this.#file.append({ ...key, ...each });
      waiting = undefined;
    };
  }

  /** Nothing is left to do: the journal has done its work. */
  discard(): void {
    this.#file?.discard();
  }
}

/** A copy that nobody has cleaned up after, and what happened to it. */
export interface OpenCopy {
  readonly key: CopyKey;
  readonly events: readonly LedgerEvent[];
  /** Takes down what happens to it from now on. */
  readonly write: (event: LedgerEvent) => void;
}

export interface OpenJournal {
  readonly file: Pick<JournalFile<object>, "path" | "discard">;
  readonly copies: readonly OpenCopy[];
}

/** What the journals of a state folder say is not cleaned up. */
export function readOpenJournals(stateFolder: string): OpenJournal[] {
  return JournalFile.all<JournalEntry>(folderOf(stateFolder)).map(openJournal);
}

function folderOf(stateFolder: string): string {
  return join(stateFolder, "smoke");
}

function openJournal(file: JournalFile<JournalEntry>): OpenJournal {
  const copies = new Map<string, { key: CopyKey; events: LedgerEvent[] }>();
  for (const { workflow, tenant, tenantId, baseUrl, ...event } of file.entries()) {
    const name = JSON.stringify([workflow, tenant]);
    const copy = copies.get(name) ?? { key: { workflow, tenant, tenantId, baseUrl }, events: [] };
    copy.events.push(event as LedgerEvent);
    copies.set(name, copy);
  }
  const open = [...copies.values()].filter(({ events }) => !events.some(({ event }) => event === "finished"));
  return {
    file,
    copies: open.map(({ key, events }) => ({
      ...{ key, events },
      write: (event) => file.append({ ...key, ...event }),
    })),
  };
}
