import { errorCode } from "../adapters/postgres/failure.js";
import { buildIndex } from "./build.js";
import { decide } from "./decide.js";
import { createStatement, dropStatement, type IndexDefinition, shownTable } from "./definition.js";
import { nameConflict, ownInvalid } from "./drafts.js";
import { deadlineOf, stopped } from "./ending.js";
import { judgeFailure } from "./failure.js";
import {
  attachStatement,
  type Part,
  type PartIndex,
  partDefinition,
  readIndexesOf,
  readParts,
  shareOf,
} from "./partitions.js";
import type { Ended, IndexResult } from "./result.js";
import { isConnectionLost, type WorkSession } from "./session.js";
import { readShape, type Shape } from "./shape.js";
import { readStanding } from "./standing.js";
import { lockHolder, releaseTableLock, takeTableLock } from "./table-lock.js";
import { RefusedError, readTable } from "./target-table.js";
import { cancellable, cleanGrace, note, recordsOf, type Tools, type Worker, withBriefLock } from "./tools.js";

/** Partitions that come up while it works are taken in, round by round. */
const mostRounds = 20;

interface NamedIndex {
  readonly schema: string;
  readonly name: string;
}

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
  const build = new PartitionedBuild(tools, worker, wanted);
  const result = await build.run();
  tools.observe({ kind: "ended", index: wanted, state: result.state });
  return result;
}

class PartitionedBuild {
  private readonly start = performance.now();
  private readonly parts: IndexResult[] = [];
  /** Indexes of partitioned tables that this run made: invalid until all their parts are attached. */
  private readonly made: NamedIndex[] = [];
  private rounds = 0;

  constructor(
    private readonly tools: Tools,
    private readonly worker: Worker,
    private readonly wanted: IndexDefinition,
  ) {}

  async run(): Promise<IndexResult> {
    const ended = await this.attempts();
    return {
      definition: this.wanted,
      attempts: 1,
      durationMs: Math.round(performance.now() - this.start),
      phases: [],
      waitedFor: [],
      parts: this.parts,
      ...ended,
    };
  }

  private async attempts(): Promise<Ended> {
    const { tools } = this;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once();
      } catch (error) {
        if (error instanceof RefusedError)
          return { state: "refused", reason: error.message, hint: error.hint, drafts: [] };
        if (isConnectionLost(error)) this.worker.lose();
        const failure = judgeFailure(error, tools.signal);
        if (failure.kind === "again" && attempt <= tools.retries) continue;
        const left = await this.dropParents();
        if (failure.kind === "stopped") return { ...stopped(failure.cause), ...left };
        const reason = "reason" in failure ? failure.reason : `the server said ${errorCode(error)}`;
        const hint = "hint" in failure ? failure.hint : "tenantctl index resume tries again";
        return { state: "failed", reason, hint, ...left };
      }
    }
  }

  private async once(): Promise<Ended> {
    const { tools, wanted } = this;
    const signal = AbortSignal.any([tools.signal, deadlineOf(tools)]);
    const work = await this.worker.session(signal);
    const root = await readTable(work, wanted);
    await takeTableLock(work.session, root.id, signal, (holder) =>
      tools.observe({ kind: "waiting", index: wanted, what: lockHolder(holder), blockers: [] }),
    );
    try {
      const shape = await cancellable(tools, work, signal, () => readShape(work.session, wanted));
      const before = await readStanding(work.session, wanted);
      const target = { schema: wanted.schema, name: wanted.name, tableId: root.id, shape };
      const decision = decide(target, before, recordsOf(tools));
      if (decision.act === "nothing") return { state: "already there", drafts: [] };
      if (decision.act === "conflict" || (decision.act === "leave" && !decision.isWanted)) {
        const other = decision.act === "conflict" ? decision.with : `another index: ${before?.shape}`;
        return {
          state: "refused",
          reason: `the name belongs to ${other}`,
          drafts: [nameConflict(wanted, other)],
        };
      }
      return await this.untilValid(work, root.id, shape);
    } finally {
      await releaseTableLock(work.session, root.id).catch(() => {});
    }
  }

  private async untilValid(work: WorkSession, rootId: string, shape: Shape): Promise<Ended> {
    for (; this.rounds < mostRounds; this.rounds += 1) {
      const parts = await readParts(work, rootId);
      const failed = await this.round(work, parts, shape);
      if (failed) return failed;
      const standing = await readStanding(work.session, this.wanted);
      const after = await readParts(work, rootId);
      if (standing?.isValid && after.length === parts.length) {
        for (const { schema, name } of this.made) await this.recordBuilt(work, { schema, name });
        return { state: "built", drafts: [] };
      }
    }
    throw new RefusedError(
      `${shownTable(this.wanted)} gets new partitions faster than they can be indexed, or has one that can't be`,
      "foreign tables as partitions can have no index; else try again at a quieter time",
    );
  }

  /** One pass over all parts; a result where a part can't be built. */
  private async round(work: WorkSession, parts: readonly Part[], shape: Shape): Promise<Ended | undefined> {
    const shares = new Map<string, NamedIndex & { id: string }>();
    for (const part of parts.filter(({ isPartitioned }) => isPartitioned)) {
      const parent = part.parentId === null ? undefined : shares.get(part.parentId);
      shares.set(part.id, await this.parentIndex(work, part, parent?.id, shape));
    }
    for (const part of parts.filter(({ isPartitioned, isForeign }) => !isPartitioned && !isForeign)) {
      const parentIndex = shares.get(part.parentId!)!;
      const share = shareOf(await readIndexesOf(work, part.id), parentIndex.id, shape);
      if (share) {
        shares.set(part.id, share);
        continue;
      }
      const definition = await this.nameFor(work, part, shape);
      const result = await buildIndex(this.tools, this.worker, definition);
      this.parts.push(result);
      if (result.state !== "built" && result.state !== "already there") return this.failedPart(result);
      // The build may have opened another session.
      const standing = await readStanding((await this.worker.session(this.tools.signal)).session, definition);
      shares.set(part.id, { schema: definition.schema, name: definition.name, id: standing!.id });
    }
    for (const part of [...parts].reverse()) {
      if (part.parentId === null || part.isForeign) continue;
      await this.attach(part, shares.get(part.parentId)!, shares.get(part.id)!);
    }
    return undefined;
  }

  private async failedPart(result: IndexResult): Promise<Ended> {
    const { drafts, isLeft } = await this.dropParents();
    const built = this.parts.filter(({ state }) => state === "built").length;
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

  /** The empty index of a partitioned table: the one that is there, else a new one. */
  private async parentIndex(
    work: WorkSession,
    part: Part,
    parentIndexId: string | undefined,
    shape: Shape,
  ): Promise<NamedIndex & { id: string }> {
    const { wanted, tools } = this;
    const indexes = await readIndexesOf(work, part.id);
    const known =
      parentIndexId === undefined ? this.rootIndex(indexes) : childParent(indexes, parentIndexId, shape);
    if (known) return known;
    const definition = parentIndexId === undefined ? wanted : await this.nameFor(work, part, shape);
    const { schema, name } = definition;
    const statement = createStatement(definition, { concurrently: false, only: true });
    note(tools, {
      ...{ event: "building", schema, name, definition, statement, tableId: part.id, shape },
      ...{ backend: work.backend, attempt: 1 },
    });
    this.made.push({ schema, name });
    await this.briefly(work, statement, definition);
    const standing = await readStanding(work.session, definition);
    note(tools, { event: "catalogued", schema, name, indexId: standing!.id });
    return { schema, name, id: standing!.id };
  }

  private rootIndex(indexes: readonly PartIndex[]): PartIndex | undefined {
    return indexes.find(({ schema, name }) => schema === this.wanted.schema && name === this.wanted.name);
  }

  private async nameFor(work: WorkSession, part: Part, shape: Shape): Promise<IndexDefinition> {
    const taken = new Set<string>();
    for (;;) {
      const definition = partDefinition(this.wanted, part, (name) => taken.has(name));
      const standing = await readStanding(work.session, definition);
      const target = { schema: part.schema, name: definition.name, tableId: part.id, shape };
      const { act } = decide(target, standing, recordsOf(this.tools));
      if (act === "build" || act === "clean" || act === "follow") return definition;
      taken.add(definition.name);
    }
  }

  private async attach(part: Part, parent: NamedIndex & { id: string }, child: NamedIndex): Promise<void> {
    const work = await this.worker.session(this.tools.signal);
    const share = (await readIndexesOf(work, part.id)).find(
      ({ schema, name }) => schema === child.schema && name === child.name,
    );
    if (share?.attachedTo === parent.id) return;
    await this.briefly(work, attachStatement(parent, child), this.wanted);
  }

  private async briefly(work: WorkSession, statement: string, index: IndexDefinition): Promise<void> {
    const signal = AbortSignal.any([this.tools.signal, deadlineOf(this.tools)]);
    await withBriefLock(this.tools, work, statement, signal, () =>
      this.tools.observe({ kind: "waiting", index, what: "a brief lock on the table", blockers: [] }),
    );
  }

  private async recordBuilt(work: WorkSession, named: NamedIndex): Promise<void> {
    const standing = await readStanding(work.session, named);
    if (!standing) return;
    const { id: indexId, tableId, shape } = standing;
    note(this.tools, { event: "built", ...named, indexId, tableId: tableId!, shape: shape! });
  }

  /** The empty indexes that this run made, dropped again: the lower ones go with the upper. */
  private async dropParents(): Promise<Pick<IndexResult, "drafts" | "isLeft">> {
    const [root] = this.made;
    if (!root) return { drafts: [] };
    const grace = AbortSignal.timeout(cleanGrace);
    try {
      const work = await this.worker.session(grace);
      for (const { schema, name } of this.made) {
        const standing = await readStanding(work.session, { schema, name });
        if (standing && !standing.isValid)
          await withBriefLock(
            this.tools,
            work,
            dropStatement({ schema, name }, { concurrently: false }),
            grace,
            () => {},
          );
        note(this.tools, { event: "cleaned", schema, name });
      }
      return { drafts: [] };
    } catch {
      for (const { schema, name } of this.made) note(this.tools, { event: "left", schema, name });
      const reason = "a brief lock to drop it was not to be had; it holds no rows";
      return { isLeft: true, drafts: [ownInvalid(this.wanted, reason)] };
    }
  }
}

/** The index of a partitioned part: attached, or of the same shape and nobody's part, empty ones too. */
function childParent(
  indexes: readonly PartIndex[],
  parentIndexId: string,
  shape: Shape,
): PartIndex | undefined {
  return (
    indexes.find(({ attachedTo }) => attachedTo === parentIndexId) ??
    indexes.find((index) => index.attachedTo === null && index.shape === shape)
  );
}
