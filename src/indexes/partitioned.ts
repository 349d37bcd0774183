import { messageOf } from "../adapters/postgres/failure.js";
import { decide } from "./decide.js";
import { type IndexDefinition, shownTable } from "./definition.js";
import { nameConflict } from "./drafts.js";
import { deadlineOf, stopped } from "./ending.js";
import { judgeFailure } from "./failure.js";
import { buildParts, dropParents, type PartitionedBuild } from "./partition-round.js";
import { type Part, readParts } from "./partitions.js";
import type { Ended, IndexResult } from "./result.js";
import { isConnectionLost, type WorkSession } from "./session.js";
import { recordBuilt } from "./settle.js";
import { readShape, type Shape } from "./shape.js";
import { readStanding } from "./standing.js";
import { lockHolder, releaseTableLock, takeTableLock } from "./table-lock.js";
import { RefusedError, readTable } from "./target-table.js";
import { cancellable, recordsOf, type Tools, type Worker } from "./tools.js";

/** Partitions that come up while it works are taken in, round by round. */
const mostRounds = 20;

/**
 * Builds an index of a partitioned table, which the server can't do concurrently in one statement: an empty index
 * on the table ONLY (and on each partitioned part), one on each leaf concurrently, then they are attached, from
 * the leaves up. Each step looks first at what is there, so it can be taken up wherever it was ended.
 */
export async function buildPartitioned(
  tools: Tools,
  worker: Worker,
  wanted: IndexDefinition,
): Promise<IndexResult> {
  const start = performance.now();
  const build: PartitionedBuild = { tools, worker, wanted, parts: [], made: [] };
  const { ended, number } = await attempts(build);
  tools.observe({ kind: "ended", index: wanted, state: ended.state });
  return {
    ...{ definition: wanted, attempts: number, durationMs: Math.round(performance.now() - start) },
    ...{ phases: [], waitedFor: [], parts: build.parts, ...ended },
  };
}

async function attempts(build: PartitionedBuild): Promise<{ ended: Ended; number: number }> {
  const { tools, worker } = build;
  for (let number = 1; ; number += 1) {
    try {
      return { ended: await attempt(build), number };
    } catch (error) {
      if (isConnectionLost(error)) worker.lose();
      const failure = judgeFailure(error, tools.signal);
      if (failure.kind === "again" && number <= tools.retries) continue;
      const left = await dropParents(build);
      if (error instanceof RefusedError)
        return { ended: { state: "refused", reason: error.message, hint: error.hint, ...left }, number };
      if (failure.kind === "stopped") return { ended: { ...stopped(failure.cause), ...left }, number };
      const hint = "hint" in failure ? failure.hint : "tenantctl index resume tries again";
      const isResumable = failure.kind === "again" ? { isResumable: true as const } : {};
      return { ended: { state: "failed", reason: messageOf(error), hint, ...isResumable, ...left }, number };
    }
  }
}

async function attempt(build: PartitionedBuild): Promise<Ended> {
  const { tools, worker, wanted } = build;
  const signal = AbortSignal.any([tools.signal, deadlineOf(tools)]);
  const work = await worker.session(signal);
  const root = await readTable(work, wanted);
  await takeTableLock(work.session, root.id, signal, async (holder) => {
    await worker.endLost();
    tools.observe({ kind: "waiting", index: wanted, what: lockHolder(holder), blockers: [] });
  });
  try {
    const shape = await cancellable(tools, work, signal, () => readShape(work.session, wanted));
    const standing = await readStanding(work.session, wanted);
    const target = { schema: wanted.schema, name: wanted.name, tableId: root.id, shape };
    const decision = decide(target, standing, recordsOf(tools));
    if (decision.act === "nothing") return { state: "already there", drafts: [] };
    // An invalid one of the same definition is no more than one that lacks parts.
    if (decision.act === "conflict" || (decision.act === "leave" && !decision.isWanted)) {
      const other = decision.act === "conflict" ? decision.with : `another index: ${standing?.shape}`;
      const drafts = [nameConflict(wanted, other)];
      return { state: "refused", reason: `the name belongs to ${other}`, drafts };
    }
    return await untilValid(build, work, root.id, shape);
  } finally {
    await releaseTableLock(work.session, root.id).catch(() => {});
  }
}

async function untilValid(
  build: PartitionedBuild,
  work: WorkSession,
  rootId: string,
  shape: Shape,
): Promise<Ended> {
  const { tools, wanted, made } = build;
  for (let round = 0; round < mostRounds; round += 1) {
    const parts = await readParts(work, rootId);
    requireOwn(wanted, parts);
    const failed = await buildParts(build, work, parts, shape);
    if (failed) return failed;
    const standing = await readStanding(work.session, wanted);
    const after = await readParts(work, rootId);
    if (!standing?.isValid || after.length !== parts.length) continue;
    recordBuilt(tools, wanted, standing);
    for (const each of made) {
      const parent = await readStanding(work.session, each);
      if (parent && parent.id !== standing.id) recordBuilt(tools, each, parent);
    }
    return { state: "built", drafts: [] };
  }
  throw new RefusedError(
    `${shownTable(wanted)} gets new partitions faster than they can be indexed`,
    "try again at a quieter time",
  );
}

/** Where a part can have no index, the parent's never becomes valid in this way. */
function requireOwn(wanted: IndexDefinition, parts: readonly Part[]): void {
  const foreign = parts.find(({ isForeign }) => isForeign);
  if (!foreign) return;
  throw new RefusedError(
    `${foreign.schema}.${foreign.name}, a part of ${shownTable(wanted)}, is a foreign table and can have no index`,
    "index the other parts one by one (--table), or CREATE INDEX without CONCURRENTLY, which blocks writers",
  );
}
