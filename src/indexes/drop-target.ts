import { quoteIdentifier, readSql } from "../adapters/sql-file.js";
import { UsageError } from "../findings/errors.js";
import { shownIndex } from "./definition.js";
import { type IndexJournal, type Recorded, recordedIn } from "./journal.js";
import type { Site } from "./run.js";
import type { Standing } from "./standing.js";

/** An index that is to go. */
export interface DropTarget {
  readonly schema: string;
  readonly name: string;
  /** What a journal says that it was when we built it: anything else stays. */
  readonly built?: Pick<Recorded, "indexId" | "shape"> | undefined;
}

/**
 * Finds indexes by the names that somebody typed.
 *
 * @throws UsageError where there is none, or more than one schema has it.
 */
export async function resolveNames({ work }: Site, names: readonly string[]): Promise<DropTarget[]> {
  const targets: DropTarget[] = [];
  for (const typed of names) {
    const found = await work.session.query<{ schema: string; name: string }>(readSql("indexes/named"), [
      typed,
    ]);
    if (found.length === 1) targets.push(found[0]!);
    else if (found.length === 0)
      throw new UsageError(
        `there is no index ${typed}`,
        "names are compared with their case; tenantctl index usage lists them",
      );
    else
      throw new UsageError(
        `there is more than one index ${typed}: ${found.map(shownIndex).join(", ")}`,
        "name it with its schema",
      );
  }
  return targets;
}

/** What a journal's create built and nobody dropped since; partitioned indexes first, their parts go with them. */
export function builtIn(journal: IndexJournal): DropTarget[] {
  return recordedIn(journal)
    .filter(({ state }) => state === "built")
    .sort((left, right) => Number(right.isWanted) - Number(left.isWanted))
    .map(({ schema, name, indexId, shape }) => ({ schema, name, built: { indexId, shape } }));
}

/** Why an index can't be dropped, and what would have to be done; undefined where it can. */
export function refusalToDrop(
  { built }: DropTarget,
  standing: Standing,
): { readonly why: string; readonly remedy: string } | undefined {
  const table = `${quoteIdentifier(standing.tableSchema ?? "")}.${quoteIdentifier(standing.table ?? "")}`;
  if (standing.builtBy !== null)
    return { why: `process ${standing.builtBy} builds it`, remedy: "Wait for its end, or cancel it there." };
  if (standing.constraints !== null)
    return {
      why: `the constraint ${standing.constraints} stands on it`,
      remedy: `Drop the constraint, if it is not wanted: ALTER TABLE ${table} DROP CONSTRAINT …`,
    };
  if (standing.isReplicaIdentity)
    return {
      why: "it is the table's replica identity",
      remedy: `Name another first: ALTER TABLE ${table} REPLICA IDENTITY …`,
    };
  if (standing.attachedTo !== null)
    return { why: `it is a part of ${standing.attachedTo}`, remedy: "Drop that one: its parts go with it." };
  if (built && (built.indexId !== standing.id || built.shape !== standing.shape))
    return {
      why: "it is another one than the journal's create built",
      remedy: "Somebody replaced it since: drop it by its name, if it is not wanted.",
    };
  return undefined;
}
