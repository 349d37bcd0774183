import { buildIndex } from "./build.js";
import { decide, isOurs } from "./decide.js";
import { createStatement, dropStatement, type IndexDefinition, shownTable } from "./definition.js";
import { ownInvalid } from "./drafts.js";
import { deadlineOf } from "./ending.js";
import {
  attachStatement,
  type Part,
  type PartIndex,
  partDefinition,
  readIndexesOf,
  shareOf,
} from "./partitions.js";
import type { Ended, IndexResult } from "./result.js";
import type { WorkSession } from "./session.js";
import type { Shape } from "./shape.js";
import { readStanding } from "./standing.js";
import { cleanGrace, note, recordsOf, type Tools, type Worker, withBriefLock } from "./tools.js";

interface NamedIndex {
  readonly schema: string;
  readonly name: string;
}

/** An index of a table in the tree. */
interface Share extends NamedIndex {
  readonly id: string;
}

/** The work on a partitioned table's index. */
export interface PartitionedBuild {
  readonly tools: Tools;
  readonly worker: Worker;
  readonly wanted: IndexDefinition;
  /** What became of the leaves. */
  readonly parts: IndexResult[];
  /** Indexes of partitioned tables that we made, the upper ones first: invalid until all their parts are attached. */
  readonly made: NamedIndex[];
}

/** One pass over a partitioned table and all below it; a result where a part can't be built. */
export async function buildParts(
  build: PartitionedBuild,
  work: WorkSession,
  parts: readonly Part[],
  shape: Shape,
): Promise<Ended | undefined> {
  const shares = new Map<string, Share>();
  for (const part of parts.filter(({ isPartitioned }) => isPartitioned)) {
    const parent = part.parentId === null ? undefined : shares.get(part.parentId);
    shares.set(part.id, await emptyIndex(build, work, part, parent, shape));
  }
  for (const part of parts.filter(({ isPartitioned }) => !isPartitioned)) {
    const built = await leafIndex(build, work, part, shares.get(part.parentId!)!, shape);
    if ("state" in built) return failedPart(build, built);
    shares.set(part.id, built);
  }
  for (const part of [...parts].reverse())
    if (part.parentId !== null) await attach(build, part, shares.get(part.parentId)!, shares.get(part.id)!);
  return undefined;
}

/** The empty index of a partitioned table: the one that is there, else a new one. */
async function emptyIndex(
  build: PartitionedBuild,
  work: WorkSession,
  part: Part,
  parent: Share | undefined,
  shape: Shape,
): Promise<Share> {
  const { wanted, tools, made } = build;
  const indexes = await readIndexesOf(work, part.id);
  const known = parent ? childOf(indexes, parent.id, shape) : named(indexes, wanted);
  if (known) {
    await adopt(build, work, known);
    return known;
  }
  const definition = parent ? await nameFor(build, work, part, shape) : wanted;
  const { schema, name } = definition;
  const statement = createStatement(definition, { concurrently: false, only: true });
  note(tools, {
    ...{ event: "building", schema, name, definition, statement, tableId: part.id, shape },
    ...{ backend: work.backend, attempt: 1 },
  });
  made.push({ schema, name });
  await briefly(build, work, statement, definition);
  const { id } = (await readStanding(work.session, definition))!;
  note(tools, { event: "catalogued", schema, name, indexId: id });
  return { schema, name, id };
}

/** What a killed run of ours made empty is ours to drop, too, if it comes to nothing. */
async function adopt({ tools, made }: PartitionedBuild, work: WorkSession, known: PartIndex): Promise<void> {
  const { schema, name } = known;
  if (known.isValid || made.some((each) => each.schema === schema && each.name === name)) return;
  const standing = await readStanding(work.session, known);
  if (standing && isOurs(known, standing, recordsOf(tools))) made.push({ schema, name });
}

/** The index of a leaf: one that does its share, else a new one; the result of its build where it failed. */
async function leafIndex(
  build: PartitionedBuild,
  work: WorkSession,
  part: Part,
  parent: Share,
  shape: Shape,
): Promise<Share | IndexResult> {
  const { tools, worker } = build;
  const share = shareOf(await readIndexesOf(work, part.id), parent.id, shape);
  if (share) return share;
  const definition = await nameFor(build, work, part, shape);
  const result = await buildIndex(tools, worker, definition);
  build.parts.push(result);
  if (result.state !== "built" && result.state !== "already there") return result;
  // The build may have opened another session.
  const now = await worker.session(tools.signal);
  const { id } = (await readStanding(now.session, definition))!;
  return { schema: definition.schema, name: definition.name, id };
}

async function failedPart(build: PartitionedBuild, result: IndexResult): Promise<Ended> {
  const { drafts, isLeft } = await dropParents(build);
  const built = build.parts.filter(({ state }) => state === "built").length;
  const kept = built > 0 ? `; ${built} parts are built and stay for index resume` : "";
  return {
    state: result.state,
    reason: `${shownTable(result.definition)}: ${result.reason}${kept}`,
    hint: result.hint,
    drafts: [...result.drafts, ...drafts],
    ...(result.isLeft || isLeft ? { isLeft: true } : {}),
    ...(result.isResumable ? { isResumable: true } : {}),
  };
}

/** The part's definition under a name that is free, or that an attempt of ours has taken. */
async function nameFor(
  { tools, wanted }: PartitionedBuild,
  work: WorkSession,
  part: Part,
  shape: Shape,
): Promise<IndexDefinition> {
  const taken = new Set<string>();
  for (;;) {
    const definition = partDefinition(wanted, part, (name) => taken.has(name));
    const standing = await readStanding(work.session, definition);
    const target = { schema: part.schema, name: definition.name, tableId: part.id, shape };
    const { act } = decide(target, standing, recordsOf(tools));
    if (act === "build" || act === "clean" || act === "follow") return definition;
    taken.add(definition.name);
  }
}

async function attach(build: PartitionedBuild, part: Part, parent: Share, child: NamedIndex): Promise<void> {
  const work = await build.worker.session(build.tools.signal);
  if (named(await readIndexesOf(work, part.id), child)?.attachedTo === parent.id) return;
  await briefly(build, work, attachStatement(parent, child), build.wanted);
}

async function briefly(
  { tools }: PartitionedBuild,
  work: WorkSession,
  statement: string,
  index: IndexDefinition,
): Promise<void> {
  const signal = AbortSignal.any([tools.signal, deadlineOf(tools)]);
  await withBriefLock(tools, work, statement, signal, () =>
    tools.observe({ kind: "waiting", index, what: "a brief lock on the table", blockers: [] }),
  );
}

/** Drops the empty indexes again that came to nothing: the lower ones go with the upper. */
export async function dropParents({
  tools,
  worker,
  wanted,
  made,
}: PartitionedBuild): Promise<Pick<Ended, "drafts" | "isLeft">> {
  if (made.length === 0) return { drafts: [] };
  const grace = AbortSignal.timeout(cleanGrace);
  try {
    const work = await worker.session(grace);
    for (const { schema, name } of made) {
      const standing = await readStanding(work.session, { schema, name });
      const statement = dropStatement({ schema, name }, { concurrently: false });
      if (standing && !standing.isValid) await withBriefLock(tools, work, statement, grace, () => {});
      note(tools, { event: "cleaned", schema, name });
    }
    return { drafts: [] };
  } catch {
    for (const { schema, name } of made) note(tools, { event: "left", schema, name });
    const reason = "a brief lock to drop it was not to be had; it holds no rows";
    return { isLeft: true, drafts: [ownInvalid(wanted, reason)] };
  }
}

function named(indexes: readonly PartIndex[], wanted: NamedIndex): PartIndex | undefined {
  return indexes.find(({ schema, name }) => schema === wanted.schema && name === wanted.name);
}

/** The index of a partitioned part: attached, or of the same shape and nobody's part, empty ones too. */
function childOf(indexes: readonly PartIndex[], parentId: string, shape: Shape): PartIndex | undefined {
  return (
    indexes.find(({ attachedTo }) => attachedTo === parentId) ??
    indexes.find((index) => index.attachedTo === null && index.shape === shape)
  );
}
