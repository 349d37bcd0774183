import { errorCode, messageOf } from "../adapters/postgres/failure.js";
import { readSql } from "../adapters/sql-file.js";
import type { FindingDraft } from "../findings/finding.js";
import { decide } from "./decide.js";
import { createStatement, dropStatement, type IndexDefinition } from "./definition.js";
import { duplicateRows, foreignInvalid, inUse, nameConflict } from "./drafts.js";
import { type DropTarget, refusalToDrop } from "./drop-target.js";
import { findDuplicates } from "./duplicates.js";
import { type Estimate, estimateBuild, readSortMemory, readWidths } from "./estimate.js";
import { attachStatement, partDefinition, readParts } from "./partitions.js";
import type { Blocker } from "./progress.js";
import type { Site } from "./run.js";
import { readShape } from "./shape.js";
import { readStanding } from "./standing.js";
import { RefusedError, readTable, type TableFacts } from "./target-table.js";

/** What would be done for an index, and what for. */
export interface IndexPreview {
  readonly definition: IndexDefinition;
  readonly act: "build" | "nothing" | "wait for another's build" | "clean up and build" | "drop" | "refuse";
  /** In order. */
  readonly statements: readonly string[];
  readonly estimate?: Estimate | undefined;
  /** Whom it would wait for if it began now, and who holds vacuum back. */
  readonly blockers: readonly Blocker[];
  readonly reason?: string | undefined;
  readonly drafts: readonly FindingDraft[];
}

/** Looks at everything that a build looks at, and builds nothing. */
export async function previewIndex(site: Site, definition: IndexDefinition): Promise<IndexPreview> {
  const { session } = site.work;
  const refused = (reason: string, drafts: readonly FindingDraft[] = []): IndexPreview => ({
    ...{ definition, act: "refuse", statements: [], blockers: [], reason, drafts },
  });
  try {
    const table = await readTable(site.work, definition);
    const shape = await readShape(session, definition);
    const standing = await readStanding(session, definition);
    const target = { schema: definition.schema, name: definition.name, tableId: table.id, shape };
    const decision = decide(target, standing, site.earlier);
    if (decision.act === "conflict")
      return refused(`the name belongs to ${decision.with}`, [nameConflict(definition, decision.with)]);
    if (decision.act === "leave" && table.kind !== "p")
      return refused("an invalid index stands in the way", [
        foreignInvalid(definition, standing!, decision.isWanted),
      ]);
    if (decision.act === "nothing")
      return { definition, act: "nothing", statements: [], blockers: [], drafts: [] };
    const drafts = await duplicatesOf(site, definition);
    const acts = { follow: "wait for another's build", clean: "clean up and build" } as const;
    return {
      definition,
      act: decision.act === "follow" || decision.act === "clean" ? acts[decision.act] : "build",
      statements: await statementsFor(site, definition, table),
      estimate: await estimateFor(site, definition, table),
      blockers: await readBlockers(site, await tablesOf(site, table)),
      drafts,
    };
  } catch (error) {
    if (error instanceof RefusedError || errorCode(error) !== undefined) return refused(messageOf(error));
    throw error;
  }
}

/** Looks at everything that a drop looks at, and drops nothing. */
export async function previewDrop(site: Site, target: DropTarget): Promise<IndexPreview> {
  const standing = await readStanding(site.work.session, target);
  const definition = { ...target, table: standing?.table ?? "", columns: [] };
  if (!standing?.tableId) return { definition, act: "nothing", statements: [], blockers: [], drafts: [] };
  const refused = refusalToDrop(target, standing);
  if (refused) {
    const drafts = [inUse(definition, refused.why, refused.remedy)];
    return { definition, act: "refuse", statements: [], blockers: [], reason: refused.why, drafts };
  }
  return {
    ...{
      definition,
      act: "drop",
      statements: [dropStatement(target, { concurrently: standing.kind !== "I" })],
      drafts: [],
    },
    blockers: await readBlockers(site, [standing.tableId]),
  };
}

async function duplicatesOf(site: Site, definition: IndexDefinition): Promise<FindingDraft[]> {
  if (!definition.unique) return [];
  const found = await findDuplicates(site.work.session, definition);
  return found.keys > 0 ? [duplicateRows(definition, found)] : [];
}

async function statementsFor(site: Site, definition: IndexDefinition, table: TableFacts): Promise<string[]> {
  if (table.kind !== "p") return [createStatement(definition, { concurrently: true })];
  const parts = await readParts(site.work, table.id);
  const definitions = new Map(
    parts.map((part) => [
      part.id,
      part.parentId === null ? definition : partDefinition(definition, part, () => false),
    ]),
  );
  const parents = parts.filter(({ isPartitioned }) => isPartitioned);
  const leaves = parts.filter(({ isPartitioned, isForeign }) => !isPartitioned && !isForeign);
  const attached = [...parts].reverse().filter(({ parentId, isForeign }) => parentId !== null && !isForeign);
  return [
    ...parents.map(({ id }) => createStatement(definitions.get(id)!, { concurrently: false, only: true })),
    ...leaves.map(({ id }) => createStatement(definitions.get(id)!, { concurrently: true })),
    ...attached.map(({ id, parentId }) => attachStatement(definitions.get(parentId!)!, definitions.get(id)!)),
  ];
}

async function estimateFor(site: Site, definition: IndexDefinition, table: TableFacts): Promise<Estimate> {
  const { session } = site.work;
  const size = table.kind === "p" ? await partsSize(site, table) : table;
  return estimateBuild(
    definition,
    size,
    await readWidths(session, definition),
    await readSortMemory(session),
  );
}

async function partsSize(site: Site, table: TableFacts): Promise<{ rows: number; bytes: number }> {
  const leaves = (await readParts(site.work, table.id)).filter(({ isPartitioned }) => !isPartitioned);
  return {
    rows: leaves.reduce((sum, { rows }) => sum + Math.max(0, rows), 0),
    bytes: leaves.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

async function tablesOf(site: Site, table: TableFacts): Promise<string[]> {
  return table.kind === "p" ? (await readParts(site.work, table.id)).map(({ id }) => id) : [table.id];
}

/** Whom builds on some tables would wait for now. */
export async function readBlockers({ work }: Site, tables: readonly string[]): Promise<Blocker[]> {
  return work.session.query<Blocker & Record<string, unknown>>(readSql("indexes/blockers"), [tables]);
}
