import { pause } from "../adapters/pause.js";
import { errorCode, messageOf } from "../adapters/postgres/failure.js";
import { attemptBuild } from "./attempt.js";
import type { Building } from "./building.js";
import { Course } from "./course.js";
import type { IndexDefinition } from "./definition.js";
import { duplicateRows, ownInvalid } from "./drafts.js";
import { type Duplicates, findDuplicates } from "./duplicates.js";
import { deadlineOf, stopped } from "./ending.js";
import { type Failure, judgeFailure, pauseBefore } from "./failure.js";
import { dropRemains } from "./remains.js";
import type { Ended, IndexResult } from "./result.js";
import { isConnectionLost } from "./session.js";
import { releaseTableLock } from "./table-lock.js";
import { RefusedError } from "./target-table.js";
import { cancellable, note, type Tools, type Worker } from "./tools.js";

/** Builds one index on a table that is not partitioned, and sees to what an attempt that failed leaves. */
export async function buildIndex(
  tools: Tools,
  worker: Worker,
  wanted: IndexDefinition,
): Promise<IndexResult> {
  const start = performance.now();
  const building: Building = {
    ...{ tools, worker, wanted, course: new Course() },
    signal: AbortSignal.any([tools.signal, deadlineOf(tools)]),
    ...{ attempt: 1, hasBegun: false, locked: undefined },
  };
  const ended = await attempts(building);
  const { course, locked } = building;
  course.leave(performance.now());
  // Of a session that is lost the lock is gone with it.
  if (locked) await releaseTableLock(locked.work.session, locked.tableId).catch(() => {});
  tools.observe({ kind: "ended", index: wanted, state: ended.state });
  return {
    definition: wanted,
    attempts: building.attempt,
    durationMs: Math.round(performance.now() - start),
    phases: course.phases,
    waitedFor: course.waitedFor,
    ...ended,
  };
}

async function attempts(building: Building): Promise<Ended> {
  for (; ; building.attempt += 1) {
    try {
      return await attemptBuild(building);
    } catch (error) {
      if (error instanceof RefusedError)
        return { state: "refused", reason: error.message, hint: error.hint, drafts: [] };
      const ended = await afterFailure(building, error);
      if (ended) return ended;
    }
  }
}

/** Cleans up and judges; undefined where another attempt is to be made. */
async function afterFailure(building: Building, error: unknown): Promise<Ended | undefined> {
  const { tools, worker, wanted, hasBegun } = building;
  const { schema, name } = wanted;
  const failure = judgeFailure(error, building.signal);
  if (hasBegun)
    note(tools, { event: "failed", schema, name, reason: messageOf(error), code: errorCode(error) });
  const isLost = isConnectionLost(error);
  if (isLost) worker.lose();
  // The server may go on with it: the next attempt waits for its lock, then sees what came of it.
  const mayGoOn = isLost && failure.kind === "again";
  const cleaned =
    hasBegun && !mayGoOn ? await dropRemains(tools, worker, wanted) : ({ isClean: true } as const);
  const left: Pick<Ended, "drafts" | "isLeft"> = cleaned.isClean
    ? { drafts: [] }
    : { isLeft: true, drafts: [ownInvalid(wanted, cleaned.reason)] };
  switch (failure.kind) {
    case "again":
      return again(building, failure, left);
    case "duplicates":
      return withLeft(await violated(building), left);
    case "stopped":
      return { ...stopped(failure.cause), ...left };
    case "failed":
      return { state: hasBegun ? "failed" : "refused", reason: failure.reason, hint: failure.hint, ...left };
  }
}

function withLeft(ended: Ended, left: Pick<Ended, "drafts" | "isLeft">): Ended {
  return { ...ended, ...left, drafts: [...ended.drafts, ...left.drafts] };
}

async function again(
  { tools, wanted, signal, course, attempt }: Building,
  { reason }: Extract<Failure, { kind: "again" }>,
  left: Pick<Ended, "drafts" | "isLeft">,
): Promise<Ended | undefined> {
  if (attempt > tools.retries || left.isLeft) {
    const hint = "tenantctl index resume tries again; --retries allows more attempts";
    return { state: "failed", reason: `${reason}, in ${attempt} attempts`, hint, isResumable: true, ...left };
  }
  tools.observe({ kind: "again", index: wanted, reason, attempt: attempt + 1 });
  course.enter("pause before another attempt", performance.now());
  try {
    await pause(pauseBefore(attempt), signal);
    return undefined;
  } catch (cause) {
    return { ...stopped(cause), ...left };
  }
}

/** Rows came to break a unique index after they were looked for. */
async function violated({ tools, worker, wanted, signal }: Building): Promise<Ended> {
  let found: Duplicates = { keys: 0, rows: 0, sample: [] };
  try {
    const work = await worker.session(signal);
    found = await cancellable(tools, work, signal, () => findDuplicates(work.session, wanted));
  } catch {
    // That there are some is known from the build.
  }
  return { state: "failed", reason: "rows break the unique index", drafts: [duplicateRows(wanted, found)] };
}
