import { pause } from "../adapters/pause.js";
import { messageOf } from "../adapters/postgres/failure.js";
import { Course } from "./course.js";
import { dropStatement } from "./definition.js";
import { inUse, ownInvalid } from "./drafts.js";
import { type DropTarget, refusalToDrop } from "./drop-target.js";
import { deadlineOf, stopped } from "./ending.js";
import { judgeFailure, pauseBefore } from "./failure.js";
import type { Recorded } from "./journal.js";
import type { Ended, IndexResult } from "./result.js";
import { closeEarlier, type Site, withTools } from "./run.js";
import { isConnectionLost, type WorkSession } from "./session.js";
import { readStanding, type Standing } from "./standing.js";
import { lockHolder, takeTableLock } from "./table-lock.js";
import { cancellable, note, type Tools, Worker, withBriefLock } from "./tools.js";

/** Drops indexes concurrently, one after the other; what builds each again is in the journal before. */
export async function dropIndexes(
  site: Site,
  targets: readonly DropTarget[],
  command = "index drop",
): Promise<{ readonly results: IndexResult[]; readonly journal: string }> {
  return withTools(site, command, async (tools) => {
    const worker = new Worker(tools);
    try {
      const results: IndexResult[] = [];
      for (const target of targets) results.push(await dropOne(tools, worker, target));
      return { results, journal: tools.journal.path };
    } finally {
      await worker.close();
    }
  });
}

async function dropOne(tools: Tools, worker: Worker, target: DropTarget): Promise<IndexResult> {
  const drop = new Drop(tools, worker, target);
  const result = await drop.run();
  if (!result.isLeft && !result.isResumable) closeEarlier(tools.earlier, target, tools.journal);
  if (result.state === "dropped" || result.state === "not there") forgetBuilt(tools.earlier, target);
  tools.observe({ kind: "ended", index: result.definition, state: result.state });
  return result;
}

/** What a create built and is dropped now can't be undone a second time. */
function forgetBuilt(earlier: readonly Recorded[], { schema, name }: DropTarget): void {
  for (const record of earlier)
    if (record.schema === schema && record.name === name && record.state === "built")
      record.journal.append({ event: "dropped", schema, name });
}

class Drop {
  private readonly start = performance.now();
  private readonly course = new Course();
  private readonly signal: AbortSignal;
  private attempt = 1;
  private table = "";

  constructor(
    private readonly tools: Tools,
    private readonly worker: Worker,
    private readonly target: DropTarget,
  ) {
    this.signal = AbortSignal.any([tools.signal, deadlineOf(tools)]);
  }

  private get definition() {
    const { schema, name } = this.target;
    return { schema, name, table: this.table, columns: [] };
  }

  async run(): Promise<IndexResult> {
    const ended = await this.attempts();
    this.course.leave(performance.now());
    return {
      definition: this.definition,
      attempts: this.attempt,
      durationMs: Math.round(performance.now() - this.start),
      phases: this.course.phases,
      waitedFor: this.course.waitedFor,
      ...ended,
    };
  }

  private async attempts(): Promise<Ended> {
    for (; ; this.attempt += 1) {
      try {
        return await this.once();
      } catch (error) {
        if (isConnectionLost(error)) this.worker.lose();
        const failure = judgeFailure(error, this.signal);
        if (failure.kind === "again" && this.attempt <= this.tools.retries) {
          await pause(pauseBefore(this.attempt), this.signal).catch(() => {});
          continue;
        }
        const ended: Ended =
          failure.kind === "stopped"
            ? stopped(failure.cause)
            : {
                state: "failed",
                reason: messageOf(error),
                hint: "tenantctl index resume goes on with it",
                drafts: [],
              };
        return { ...ended, ...(await this.halfway()) };
      }
    }
  }

  /** A drop that was cancelled leaves the index invalid: the only way is forward. */
  private async halfway(): Promise<Pick<Ended, "drafts" | "isLeft" | "isResumable">> {
    const { schema, name } = this.target;
    try {
      const work = await this.worker.session(AbortSignal.timeout(5000));
      const standing = await readStanding(work.session, this.target);
      if (!standing?.isValid) {
        const reason = "its drop was ended halfway, and can only go on";
        return { drafts: [ownInvalid(this.definition, reason)], isLeft: true };
      }
      note(this.tools, { event: "kept", schema, name });
      return { drafts: [] };
    } catch {
      return { drafts: [], isResumable: true };
    }
  }

  private async once(): Promise<Ended> {
    const { tools, target, signal, course } = this;
    const work = await this.worker.session(signal);
    const standing = await readStanding(work.session, target);
    if (!standing || standing.tableId === null) return this.gone(standing);
    this.table = standing.table!;
    await takeTableLock(work.session, standing.tableId, signal, (holder) => {
      tools.observe({ kind: "waiting", index: this.definition, what: lockHolder(holder), blockers: [] });
    });
    const refused = refusalToDrop(target, standing);
    if (refused)
      return {
        ...{ state: "refused", reason: refused.why, hint: refused.remedy },
        drafts: [inUse({ ...target, table: this.table }, refused.why, refused.remedy)],
      };
    const { schema, name } = target;
    note(tools, {
      ...{ event: "dropping", schema, name, table: standing.table!, indexId: standing.id },
      definition: standing.definition!,
    });
    tools.observe({ kind: "started", index: this.definition, attempt: this.attempt });
    course.enter("dropping", performance.now());
    await this.drop(work, standing);
    note(tools, { event: "dropped", schema, name });
    return { state: "dropped", bytes: standing.bytes, undo: standing.definition!, drafts: [] };
  }

  private gone(standing: Standing | undefined): Ended {
    const { schema, name } = this.target;
    if (standing) return { state: "refused", reason: "it is no index", hint: "check the name", drafts: [] };
    note(this.tools, { event: "dropped", schema, name });
    return { state: "not there", drafts: [] };
  }

  private async drop(work: WorkSession, standing: Standing): Promise<void> {
    const { tools, target, signal, course } = this;
    const statement = dropStatement(target, { concurrently: standing.kind !== "I" });
    const unwatch = tools.monitor.watch(work.backend, (look) => {
      if (!look?.blockers.length) return;
      course.wait(look.blockers);
      const what = "transactions that may use the index";
      tools.observe({ kind: "waiting", index: this.definition, what, blockers: look.blockers });
    });
    try {
      if (standing.kind === "I")
        await withBriefLock(tools, work, statement, signal, () =>
          tools.observe({
            kind: "waiting",
            index: this.definition,
            what: "a brief lock on the table",
            blockers: [],
          }),
        );
      else await cancellable(tools, work, signal, () => work.session.run(statement));
    } finally {
      unwatch();
    }
  }
}
