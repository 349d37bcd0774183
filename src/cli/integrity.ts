import { relative, resolve } from "node:path";
import type { Command } from "commander";
import type { Snapshot } from "../adapters/postgres/snapshot.js";
import type { DatabaseTarget } from "../config/settings.js";
import {
  type Application,
  checkIntegrity,
  type Invariant,
  integrityCheck,
  loadSnapshot,
  momentOf,
  newestSnapshot,
  type ScanProgress,
  takeSnapshot,
  type WriteTimes,
} from "../database/index.js";
import type { CheckOutcome } from "../findings/check.js";
import { UsageError } from "../findings/errors.js";
import type { DataSnapshot } from "../findings/snapshot.js";
import type { AllOptions, Work } from "./execute.js";

/** Options of the commands that compare with the live database. */
export interface ComparisonFlags {
  readonly since?: string;
  readonly created?: string;
}

export function withComparisonOptions(command: Command): Command {
  return command
    .option("--since <column>", "column that says when a row was written: writes since then are set apart")
    .option("--created <column>", "column that says when a row was created: makes that exact");
}

/** What config asks of a database besides. */
export function invariantsOf({ invariants }: DatabaseTarget): Invariant[] {
  return invariants.map(({ name, sql, expect = "unchanged" }) => ({ name, sql, expect }));
}

/** Where snapshots are kept. */
export function stateFolder({ settings }: Work): string {
  return resolve(settings.base, settings.stateFolder ?? ".tenantctl");
}

/** A file as a person would name it from here. */
export function shownFile({ context }: Work, file: string): string {
  const path = relative(context.cwd, file);
  return path.startsWith("..") ? file : path;
}

/**
 * The only database that is meant.
 *
 * @throws UsageError where config has several: a file is of one of them.
 */
export function onlyTarget({ settings: { databases } }: Work): DatabaseTarget {
  if (databases.length === 1) return databases[0]!;
  throw new UsageError(
    `config has ${databases.length} databases, and a snapshot is of one`,
    `name it: --database ${databases[0]?.name ?? "NAME"}`,
  );
}

/**
 * Reads a database again and compares it with a snapshot: the given one, else the newest that is stored of it.
 * Without any the check is inconclusive.
 */
export async function compareLive(
  work: Work,
  { snapshot, application, target }: { snapshot: Snapshot; application: Application; target: DatabaseTarget },
  given: { file: string; data: DataSnapshot } | undefined,
  options: AllOptions & ComparisonFlags,
  progress: ScanProgress,
): Promise<CheckOutcome> {
  const { database } = await momentOf(snapshot);
  const before = given ?? newestSnapshot(stateFolder(work), target.name, database);
  if (!before) return withoutSnapshot(database);
  const invariants = invariantsOf(target);
  const writes: (WriteTimes & { after: string }) | undefined =
    options.since === undefined && options.created === undefined
      ? undefined
      : { since: options.since, created: options.created, after: before.data.takenAt };
  const later = await takeSnapshot(
    snapshot,
    application,
    { invariants, isBare: !options.samples, writes, also: before.data.tables },
    progress,
  );
  tellOfOther(work, before, later.data);
  return checkIntegrity(before.data, later, invariants, shownFile(work, before.file));
}

/** @throws UsageError where the file is no snapshot. */
export function givenSnapshot({ context }: Work, file: string): { file: string; data: DataSnapshot } {
  const path = resolve(context.cwd, file);
  return { file: path, data: loadSnapshot(path) };
}

/**
 * Says so where a snapshot is of another database, a copy or a mistake, or was taken later than the other.
 *
 * @throws UsageError where it is of another application.
 */
export function tellOfOther(
  work: Work,
  { file, data }: { file: string; data: DataSnapshot },
  now: DataSnapshot,
): void {
  const shown = shownFile(work, file);
  const names = new Set(now.tables.map(nameOf));
  if (!data.tables.some((table) => names.has(nameOf(table))))
    throw new UsageError(
      `${shown} is a snapshot of another application: it has none of the ${now.tables.length} tables`,
      "name one of this application's: tenantctl db snapshot takes it",
    );
  if (data.tenant !== now.tenant)
    work.note(`note: in ${shown} the customer is ${data.tenant}, now it is ${now.tenant}`);
  if (data.takenAt > now.takenAt)
    work.note(`note: ${shown} was taken after the other one: what was lost counts as added`);
  if (data.database === now.database) return;
  work.note(
    `note: ${shown} is a snapshot of the database ${data.database}; it is compared with ${now.database}`,
  );
}

function nameOf({ schema, table }: DataSnapshot["tables"][number]): string {
  return JSON.stringify([schema, table]);
}

function withoutSnapshot(database: string): CheckOutcome {
  return {
    ...integrityCheck,
    drafts: [],
    obstacle: {
      status: "inconclusive",
      reason: `there is no snapshot of ${database} from before to compare with; before the next rollout take one: tenantctl db snapshot`,
    },
    durationMs: 0,
    facts: {},
  };
}
