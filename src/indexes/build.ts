import { pause } from "../adapters/pause.js";
import { errorCode, messageOf } from "../adapters/postgres/failure.js";
import { readSql } from "../adapters/sql-file.js";
import { Course } from "./course.js";
import { type Decision, decide } from "./decide.js";
import { createStatement, type IndexDefinition, shownTable } from "./definition.js";
import { duplicateRows, foreignInvalid, nameConflict, notUsableYet, ownInvalid } from "./drafts.js";
import { type Duplicates, findDuplicates } from "./duplicates.js";
import { estimateBuild, readSortMemory, readWidths } from "./estimate.js";
import { judgeFailure, pauseBefore } from "./failure.js";
import type { Backend } from "./journal.js";
import { dropRemains } from "./remains.js";
import type { Ended, IndexResult } from "./result.js";
import { isConnectionLost, type WorkSession } from "./session.js";
import { readShape, type Shape } from "./shape.js";
import { readStanding, type Standing } from "./standing.js";
import { StopError } from "./stop.js";
import { releaseTableLock, takeTableLock } from "./table-lock.js";
import { cancellable, note, recordsOf, type Tools, type Worker } from "./tools.js";

/** A table as the work on it needs it. */
export interface TableFacts {
  readonly id: string;
  /** `pg_class.relkind`: `p` is partitioned. */
  readonly kind: string;
  readonly rows: number;
  readonly bytes: number;
  /** The uppermost partitioned table; the table itself where it is no partition. */
  readonly rootId: string;
}

/** What is wrong with what was asked for: nothing was begun. */
export class RefusedError extends Error {
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
    this.name = "RefusedError";
  }
}

/** @throws RefusedError where there is no such table, or none that an index can be built on. */
export async function readTable(work: WorkSession, wanted: IndexDefinition): Promise<TableFacts> {
  const [row] = await work.session.query<{
    id: string;
    kind: string;
    rows: number;
    bytes: string;
    root_id: string;
  }>(readSql("indexes/table"), [wanted.schema, wanted.table]);
  if (!row)
    throw new RefusedError(
      `there is no table ${shownTable(wanted)}`,
      "check schema and table: names are compared with their case",
    );
  if (!["r", "p", "m"].includes(row.kind))
    throw new RefusedError(
      `${shownTable(wanted)} is no table`,
      "indexes stand on tables and materialized views",
    );
  return { id: row.id, kind: row.kind, rows: row.rows, bytes: Number(row.bytes), rootId: row.root_id };
}

/** Builds one index on a table that is not partitioned, and sees to what an attempt that failed leaves. */
export async function buildIndex(
  tools: Tools,
  worker: Worker,
  wanted: IndexDefinition,
  outer: AbortSignal = AbortSignal.any([tools.signal, deadlineOf(tools)]),
): Promise<IndexResult> {
  const build = new Build(tools, worker, wanted, outer);
  const result = await build.run();
  tools.observe({ kind: "ended", index: wanted, state: result.state });
  return result;
}

/** The time that one index has, with all its waits. */
export function deadlineOf({ deadline }: Tools): AbortSignal {
  const controller = new AbortController();
  setTimeout(
    () =>
      controller.abort(
        new StopError(
          "deadline",
          `it was not done in ${Math.round(deadline / 1000)} s`,
          "see whom it waited for; then: tenantctl index resume --deadline SECONDS",
        ),
      ),
    deadline,
  ).unref();
  return controller.signal;
}

class Build {
  private readonly course = new Course();
  private readonly start = performance.now();
  private attempt = 1;
  /** An attempt of this run has begun on the server. */
  private hasBegun = false;
  /** The session that has our lock on the table, until all is cleaned up. */
  private locked: { readonly work: WorkSession; readonly tableId: string } | undefined;

  constructor(
    private readonly tools: Tools,
    private readonly worker: Worker,
    private readonly wanted: IndexDefinition,
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<IndexResult> {
    const ended = await this.attempts();
    this.course.leave(performance.now());
    const { locked } = this;
    // Of a session that is lost the lock is gone with it.
    if (locked) await releaseTableLock(locked.work.session, locked.tableId).catch(() => {});
    return {
      definition: this.wanted,
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
        const ended = await this.afterFailure(error);
        if (ended) return ended;
      }
    }
  }

  /** Cleans up and judges; undefined where another attempt is to be made. */
  private async afterFailure(error: unknown): Promise<Ended | undefined> {
    if (error instanceof RefusedError)
      return { state: "refused", reason: error.message, hint: error.hint, drafts: [] };
    const { schema, name } = this.wanted;
    const failure = judgeFailure(error, this.signal);
    if (this.hasBegun) {
      const code = errorCode(error);
      note(this.tools, { event: "failed", schema, name, reason: reasonOf(error), ...(code ? { code } : {}) });
    }
    if (isConnectionLost(error)) this.worker.lose();
    const isAlive = isConnectionLost(error) && failure.kind === "again";
    // The server may go on with it: the next attempt waits for its lock, then sees what came of it.
    const cleaned =
      this.hasBegun && !isAlive
        ? await dropRemains(this.tools, this.worker, this.wanted)
        : ({ isClean: true } as const);
    const left = cleaned.isClean
      ? { drafts: [] }
      : { isLeft: true as const, drafts: [ownInvalid(this.wanted, cleaned.reason)] };
    switch (failure.kind) {
      case "again":
        if (this.attempt > this.tools.retries || !cleaned.isClean) {
          const hint = "tenantctl index resume tries again; --retries allows more attempts";
          const reason = `${failure.reason}, in ${this.attempt} attempts`;
          return { state: "failed", reason, hint, isResumable: true, ...left };
        }
        this.tools.observe({
          kind: "again",
          index: this.wanted,
          reason: failure.reason,
          attempt: this.attempt + 1,
        });
        this.course.enter("pause before another attempt", performance.now());
        try {
          await pause(pauseBefore(this.attempt), this.signal);
        } catch (stop) {
          return { ...stopped(stop), ...left };
        }
        return undefined;
      case "duplicates":
        return this.violated(left.drafts);
      case "stopped":
        return { ...stopped(failure.cause), ...left };
      case "failed":
        return {
          state: this.hasBegun ? "failed" : "refused",
          reason: failure.reason,
          hint: failure.hint,
          ...left,
        };
    }
  }

  /** Rows came to break a unique index after they were looked for. */
  private async violated(drafts: Ended["drafts"]): Promise<Ended> {
    let found: Duplicates = { keys: 0, rows: 0, sample: [] };
    try {
      const work = await this.worker.session(this.signal);
      found = await cancellable(this.tools, work, this.signal, () =>
        findDuplicates(work.session, this.wanted),
      );
    } catch {
      // That there are some is known from the build.
    }
    return {
      state: "failed",
      reason: "rows break the unique index",
      drafts: [duplicateRows(this.wanted, found), ...drafts],
    };
  }

  private async once(): Promise<Ended> {
    const { tools, wanted, signal } = this;
    const work = await this.worker.session(signal);
    const table = await readTable(work, wanted);
    this.course.enter("waiting for other work of ours on the table", performance.now());
    if (this.locked?.work !== work) {
      await this.lock(work, table.id);
      this.locked = { work, tableId: table.id };
    }
    const shape = await cancellable(tools, work, signal, () => readShape(work.session, wanted));
    return (await this.settle(work, table.id, shape)) ?? (await this.build(work, table, shape));
  }

  /** Waits for our lock on the table, and shows what its holder does. */
  private async lock(work: WorkSession, tableId: string): Promise<void> {
    const { tools, wanted, signal, course } = this;
    let unwatch = () => {};
    let watched: number | null = null;
    try {
      await takeTableLock(work.session, tableId, signal, async (holder) => {
        await this.worker.endLost();
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
    } finally {
      unwatch();
    }
  }

  /** Looks at what stands under the name until it is clear what to do; undefined where to build. */
  private async settle(work: WorkSession, tableId: string, shape: Shape): Promise<Ended | undefined> {
    const { tools, wanted, signal } = this;
    for (;;) {
      signal.throwIfAborted();
      const standing = await readStanding(work.session, wanted);
      const target = { schema: wanted.schema, name: wanted.name, tableId, shape };
      const decision = decide(target, standing, recordsOf(tools));
      if (decision.act === "build") return undefined;
      if (decision.act === "follow") {
        const what = `process ${decision.pid}, which builds this index already`;
        this.course.enter("waiting for another session's build", performance.now());
        tools.observe({ kind: "waiting", index: wanted, what, blockers: [] });
        await pause(500, signal);
        continue;
      }
      if (decision.act !== "clean") return this.asItStands(decision, standing!, tableId, shape);
      this.course.enter("dropping what an earlier attempt left", performance.now());
      const cleaned = await dropRemains(tools, this.worker, wanted);
      if (!cleaned.isClean) {
        const reason = `what an earlier attempt left could not be dropped: ${cleaned.reason}`;
        return { state: "failed", reason, isLeft: true, drafts: [ownInvalid(wanted, cleaned.reason)] };
      }
    }
  }

  private asItStands(
    decision: Extract<Decision, { act: "nothing" | "leave" | "conflict" }>,
    standing: Standing,
    tableId: string,
    shape: Shape,
  ): Ended {
    const { wanted } = this;
    switch (decision.act) {
      case "nothing": {
        const began = this.begunBy(standing);
        const drafts = standing.waitsForSnapshots ? [notUsableYet(wanted)] : [];
        // The server finished what a client that died had begun.
        if (began) this.recordBuilt(standing.id, tableId, shape);
        return { state: began ? "built" : "already there", bytes: standing.bytes, drafts };
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

  private begunBy(standing: Standing): boolean {
    return recordsOf(this.tools).some(
      ({ schema, name, state, tableId, shape }) =>
        schema === this.wanted.schema &&
        name === this.wanted.name &&
        (state === "building" || state === "left") &&
        tableId === standing.tableId &&
        shape === standing.shape,
    );
  }

  private async build(work: WorkSession, table: TableFacts, shape: Shape): Promise<Ended> {
    const { tools, wanted, signal, course } = this;
    if (wanted.unique) {
      course.enter("looking for duplicates", performance.now());
      const found = await cancellable(tools, work, signal, () => findDuplicates(work.session, wanted));
      if (found.keys > 0)
        return { state: "refused", reason: "rows would break it", drafts: [duplicateRows(wanted, found)] };
    }
    const estimate = estimateBuild(
      wanted,
      table,
      await readWidths(work.session, wanted),
      await readSortMemory(work.session),
    );
    await tools.limits.enter(work.session, estimate, signal, (what) =>
      tools.observe({ kind: "waiting", index: wanted, what, blockers: [] }),
    );
    try {
      await this.create(work, table, shape);
    } finally {
      tools.limits.leave();
    }
    return this.verify(work, table, shape);
  }

  private async create(work: WorkSession, table: TableFacts, shape: Shape): Promise<void> {
    const { tools, wanted, signal } = this;
    const { schema, name } = wanted;
    const statement = createStatement(wanted, { concurrently: true });
    const { backend } = work;
    note(tools, {
      ...{ event: "building", schema, name, definition: wanted, statement },
      ...{ tableId: table.id, shape, backend, attempt: this.attempt },
    });
    this.hasBegun = true;
    tools.observe({ kind: "started", index: wanted, attempt: this.attempt });
    const unwatch = this.watch(backend);
    try {
      await cancellable(tools, work, signal, () => work.session.run(statement));
    } finally {
      unwatch();
    }
  }

  private watch(backend: Backend): () => void {
    const { tools, wanted, course } = this;
    const { schema, name } = wanted;
    let indexId: string | undefined;
    course.enter("starting", performance.now());
    return tools.monitor.watch(backend, (look) => {
      if (!look) return;
      tools.limits.take(name, look.bytes);
      if (look.indexId !== null && look.indexId !== indexId) {
        indexId = look.indexId;
        note(tools, { event: "catalogued", schema, name, indexId });
      }
      tools.observe({ kind: "progress", index: wanted, progress: course.see(look, performance.now()) });
    });
  }

  /** A success is what the catalogs say, not that the statement came back. */
  private async verify(work: WorkSession, table: TableFacts, shape: Shape): Promise<Ended> {
    const { wanted } = this;
    const standing = await readStanding(work.session, wanted);
    if (!standing?.isValid || standing.tableId !== table.id || standing.shape !== shape)
      throw new Error("the server said that it was built, and the catalogs say otherwise");
    this.recordBuilt(standing.id, table.id, shape);
    const drafts = standing.waitsForSnapshots ? [notUsableYet(wanted)] : [];
    return { state: "built", bytes: standing.bytes, drafts };
  }

  private recordBuilt(indexId: string, tableId: string, shape: Shape): void {
    const { schema, name } = this.wanted;
    note(this.tools, { event: "built", schema, name, indexId, tableId, shape });
  }
}

/** Who has our lock on a table, in words. */
export function lockHolder(pid: number | null): string {
  return pid === null ? "our lock on the table" : `process ${pid}, which works on the table for tenantctl`;
}

function reasonOf(error: unknown): string {
  return error instanceof StopError ? error.message : messageOf(error);
}

/** The result of work that we ended ourselves. */
export function stopped(cause: unknown): Ended {
  const why =
    cause instanceof StopError ? { reason: cause.message, hint: cause.hint } : { reason: "interrupted" };
  return { state: "stopped", ...why, isResumable: true, drafts: [] };
}
