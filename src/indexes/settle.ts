import { pause } from "../adapters/pause.js";
import type { Building } from "./building.js";
import { type Decision, decide } from "./decide.js";
import type { IndexDefinition } from "./definition.js";
import { foreignInvalid, nameConflict, notUsableYet, ownInvalid } from "./drafts.js";
import { dropRemains } from "./remains.js";
import type { Ended } from "./result.js";
import type { WorkSession } from "./session.js";
import type { Shape } from "./shape.js";
import { readStanding, type Standing } from "./standing.js";
import { lockHolder, takeTableLock } from "./table-lock.js";
import { note, recordsOf, type Tools } from "./tools.js";

/** Between two looks at another session's build, in milliseconds. */
const followInterval = 500;

/** Takes our lock on the table once a session, and shows what its holder does meanwhile. */
export async function lockTable(building: Building, work: WorkSession, tableId: string): Promise<void> {
  if (building.locked?.work === work) return;
  const { tools, wanted, signal, course, worker } = building;
  let unwatch = () => {};
  let watched: number | null = null;
  try {
    await takeTableLock(work.session, tableId, signal, async (holder) => {
      await worker.endLost();
      if (holder !== null && holder !== watched) {
        unwatch();
        watched = holder;
        unwatch = tools.monitor.watch({ pid: holder }, (look) => {
          const progress = look && course.see(look, performance.now());
          if (progress) tools.observe({ kind: "progress", index: wanted, progress });
        });
      }
      tools.observe({ kind: "waiting", index: wanted, what: lockHolder(holder), blockers: [] });
    });
    building.locked = { work, tableId };
  } finally {
    unwatch();
  }
}

/** Looks at what stands under the name until it is clear what to do; undefined where to build. */
export async function settle(
  building: Building,
  work: WorkSession,
  tableId: string,
  shape: Shape,
): Promise<Ended | undefined> {
  const { tools, wanted, signal, course } = building;
  for (;;) {
    signal.throwIfAborted();
    const standing = await readStanding(work.session, wanted);
    const target = { schema: wanted.schema, name: wanted.name, tableId, shape };
    const decision = decide(target, standing, recordsOf(tools));
    if (decision.act === "build") return undefined;
    if (decision.act === "follow") {
      const what = `process ${decision.pid}, which builds this index already`;
      course.enter("waiting for another session's build", performance.now());
      tools.observe({ kind: "waiting", index: wanted, what, blockers: [] });
      await pause(followInterval, signal);
      continue;
    }
    if (decision.act !== "clean") return asItStands(building, decision, standing!);
    course.enter("dropping what an earlier attempt left", performance.now());
    const cleaned = await dropRemains(tools, building.worker, wanted);
    if (!cleaned.isClean) {
      const reason = `what an earlier attempt left could not be dropped: ${cleaned.reason}`;
      return { state: "failed", reason, isLeft: true, drafts: [ownInvalid(wanted, cleaned.reason)] };
    }
  }
}

function asItStands(
  { tools, wanted }: Building,
  decision: Extract<Decision, { act: "nothing" | "leave" | "conflict" }>,
  standing: Standing,
): Ended {
  switch (decision.act) {
    case "nothing": {
      // The server finished what a client that died had begun.
      const isOurs = wasBegun(tools, wanted, standing);
      if (isOurs) recordBuilt(tools, wanted, standing);
      return { state: isOurs ? "built" : "already there", ...whatStands(wanted, standing) };
    }
    case "leave":
      return {
        state: "refused",
        reason: "an invalid index stands in the way",
        drafts: [foreignInvalid(wanted, standing, decision.isWanted)],
      };
    case "conflict":
      return {
        state: "refused",
        reason: `the name belongs to ${decision.with}`,
        drafts: [nameConflict(wanted, decision.with)],
      };
  }
}

/** Size of an index that is as it should be, and whether somebody can't use it yet. */
export function whatStands(wanted: IndexDefinition, { bytes, waitsForSnapshots }: Standing) {
  return { bytes, drafts: waitsForSnapshots ? [notUsableYet(wanted)] : [] };
}

/** Writes down that an index stands which we built, so that it can be undone. */
export function recordBuilt(
  tools: Tools,
  { schema, name }: Pick<IndexDefinition, "schema" | "name">,
  { id: indexId, tableId, shape }: Standing,
): void {
  note(tools, { event: "built", schema, name, indexId, tableId: tableId!, shape: shape! });
}

function wasBegun(tools: Tools, { schema, name }: IndexDefinition, standing: Standing): boolean {
  return recordsOf(tools).some(
    (record) =>
      record.schema === schema &&
      record.name === name &&
      (record.state === "building" || record.state === "left") &&
      record.tableId === standing.tableId &&
      record.shape === standing.shape,
  );
}
