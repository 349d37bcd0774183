import { join } from "node:path";
import { JournalFile } from "../adapters/journal-file.js";
import type { IndexDefinition } from "./definition.js";
import type { Shape } from "./shape.js";

/** Which database a journal is about: an address may be another cluster's tomorrow. */
export interface DatabaseIdentity {
  /** Of the cluster, the same on its standbys; null where the role may not know it. */
  readonly system: string | null;
  readonly databaseId: string;
  readonly database: string;
}

/** A server process; its start tells it from a later one with the same number. */
export interface Backend {
  readonly pid: number;
  readonly started: string;
}

interface Named {
  readonly schema: string;
  readonly name: string;
}

/** One line of a journal: what is about to happen, then how it went. No URL and no password stands in it. */
export type IndexEntry =
  | { readonly event: "started"; readonly command: string; readonly identity: DatabaseIdentity }
  /** An index that the command was asked for. */
  | ({ readonly event: "wanted"; readonly definition: IndexDefinition } & Named)
  | ({
      readonly event: "building";
      readonly definition: IndexDefinition;
      readonly statement: string;
      readonly tableId: string;
      readonly shape: Shape;
      readonly backend: Backend;
      readonly attempt: number;
    } & Named)
  /** The catalogs have it, under this id. */
  | ({ readonly event: "catalogued"; readonly indexId: string } & Named)
  | ({
      readonly event: "built";
      readonly indexId: string;
      readonly shape: Shape;
      readonly tableId: string;
    } & Named)
  | ({ readonly event: "failed"; readonly reason: string; readonly code?: string | undefined } & Named)
  | ({ readonly event: "cleaning" | "cleaned" | "left" } & Named)
  /** Nothing more is to be done for it. */
  | ({ readonly event: "settled"; readonly state: string } & Named)
  | ({
      readonly event: "dropping";
      readonly table: string;
      readonly indexId: string;
      /** `pg_get_indexdef`: builds it again. */
      readonly definition: string;
    } & Named)
  | ({ readonly event: "dropped" | "kept" } & Named)
  | { readonly event: "finished" };

export type IndexJournal = JournalFile<IndexEntry>;

function folderOf(stateFolder: string): string {
  return join(stateFolder, "indexes");
}

/** A journal for a run that begins now. */
export function startJournal(
  stateFolder: string,
  command: string,
  identity: DatabaseIdentity,
  now: Date,
): IndexJournal {
  const run = `${now.toISOString().replaceAll(/[:.]/g, "-")}-${process.pid}-${identity.databaseId}`;
  const journal: IndexJournal = JournalFile.create(folderOf(stateFolder), run);
  journal.append({ event: "started", command, identity });
  return journal;
}

/** What the journals say of one name. */
export interface Recorded {
  readonly journal: IndexJournal;
  readonly schema: string;
  readonly name: string;
  /** Of an index that was asked for or built; missing for a part of a partitioned one that only was built. */
  readonly definition?: IndexDefinition | undefined;
  readonly isWanted: boolean;
  /** Its command has come to an end with it. */
  readonly isSettled: boolean;
  readonly state: "wanted" | "building" | "built" | "failed" | "left" | "dropping" | "dropped";
  readonly shape?: Shape | undefined;
  readonly tableId?: string | undefined;
  readonly indexId?: string | undefined;
  readonly backend?: Backend | undefined;
}

/** The journals of a state folder that are about one database, the oldest first. */
export function journalsOf(stateFolder: string, identity: DatabaseIdentity): IndexJournal[] {
  return JournalFile.all<IndexEntry>(folderOf(stateFolder)).filter((journal) => isAbout(journal, identity));
}

/** A journal by its path. */
export function openJournal(path: string): IndexJournal {
  return new JournalFile<IndexEntry>(path);
}

/** Whether a journal is about a database. */
export function isAbout(journal: IndexJournal, identity: DatabaseIdentity): boolean {
  const [first] = journal.entries();
  if (first?.event !== "started") return false;
  const { system, databaseId, database } = first.identity;
  return system === identity.system && databaseId === identity.databaseId && database === identity.database;
}

/** What one journal says, name by name, in the order in which they came up. */
export function recordedIn(journal: IndexJournal): Recorded[] {
  const byName = new Map<string, Recorded>();
  for (const entry of journal.entries()) {
    if (entry.event === "started" || entry.event === "finished") continue;
    const { schema, name } = entry;
    const key = JSON.stringify([schema, name]);
    const before = byName.get(key) ?? {
      journal,
      schema,
      name,
      isWanted: false,
      isSettled: false,
      state: "wanted",
    };
    byName.set(key, after(before, entry));
  }
  return [...byName.values()];
}

type NamedEntry = Exclude<IndexEntry, { event: "started" | "finished" }>;

function after(before: Recorded, entry: NamedEntry): Recorded {
  switch (entry.event) {
    case "wanted":
      return { ...before, definition: entry.definition, isWanted: true, isSettled: false };
    case "building": {
      const { definition, shape, tableId, backend } = entry;
      return { ...before, definition, shape, tableId, backend, indexId: undefined, state: "building" };
    }
    case "catalogued":
      return { ...before, indexId: entry.indexId };
    case "built": {
      const { indexId, shape, tableId } = entry;
      return { ...before, indexId, shape, tableId, state: "built" };
    }
    case "dropping":
      return { ...before, indexId: entry.indexId, state: "dropping" };
    case "failed":
      // Something of it may be left until it was looked at.
      return before;
    case "cleaned":
      return { ...before, state: "failed" };
    case "cleaning":
    case "left":
      return { ...before, state: "left" };
    case "settled":
      return { ...before, isSettled: true };
    case "dropped":
      return { ...before, state: "dropped" };
    case "kept":
      return { ...before, state: "failed" };
  }
}

/** Whether somebody still has to see to it: it was not finished, or something of it is left. */
export function isOpen({ state, isWanted, isSettled }: Recorded): boolean {
  return ["building", "left", "dropping"].includes(state) || (isWanted && !isSettled);
}
