import type { Building } from "./building.js";
import { createStatement } from "./definition.js";
import { duplicateRows } from "./drafts.js";
import { findDuplicates } from "./duplicates.js";
import { estimateBuild, readSortMemory, readWidths } from "./estimate.js";
import type { Backend } from "./journal.js";
import type { Ended } from "./result.js";
import type { WorkSession } from "./session.js";
import { lockTable, recordBuilt, settle, whatStands } from "./settle.js";
import { readShape, type Shape } from "./shape.js";
import { readStanding } from "./standing.js";
import { readTable, type TableFacts } from "./target-table.js";
import { cancellable, note } from "./tools.js";

/**
 * One attempt at an index: the lock, the definition, what stands there, duplicates, limits, the build, the proof.
 *
 * @throws RefusedError where it can't be wanted so, StopError at a limit, the signal's reason, and whatever the
 *   server says; what is left then is the caller's to see to.
 */
export async function attemptBuild(building: Building): Promise<Ended> {
  const { tools, worker, wanted, signal, course } = building;
  const work = await worker.session(signal);
  const table = await readTable(work, wanted);
  course.enter("waiting for other work of ours on the table", performance.now());
  await lockTable(building, work, table.id);
  const shape = await cancellable(tools, work, signal, () => readShape(work.session, wanted));
  const settled = await settle(building, work, table.id, shape);
  if (settled) return settled;
  if (wanted.unique) {
    course.enter("looking for duplicates", performance.now());
    const found = await cancellable(tools, work, signal, () => findDuplicates(work.session, wanted));
    if (found.keys > 0)
      return { state: "refused", reason: "rows would break it", drafts: [duplicateRows(wanted, found)] };
  }
  await withinLimits(building, work, table, () => create(building, work, table, shape));
  return verify(building, work, table, shape);
}

async function withinLimits(
  { tools, wanted, signal }: Building,
  work: WorkSession,
  table: TableFacts,
  build: () => Promise<void>,
): Promise<void> {
  const widths = await readWidths(work.session, wanted);
  const estimate = estimateBuild(wanted, table, widths, await readSortMemory(work.session));
  await tools.limits.enter(work.session, estimate, signal, (what) =>
    tools.observe({ kind: "waiting", index: wanted, what, blockers: [] }),
  );
  try {
    await build();
  } finally {
    tools.limits.leave();
  }
}

async function create(building: Building, work: WorkSession, table: TableFacts, shape: Shape): Promise<void> {
  const { tools, wanted, signal, attempt } = building;
  const { schema, name } = wanted;
  const statement = createStatement(wanted, { concurrently: true });
  note(tools, {
    ...{ event: "building", schema, name, definition: wanted, statement },
    ...{ tableId: table.id, shape, backend: work.backend, attempt },
  });
  building.hasBegun = true;
  tools.observe({ kind: "started", index: wanted, attempt });
  const unwatch = watch(building, work.backend);
  try {
    await cancellable(tools, work, signal, () => work.session.run(statement));
  } finally {
    unwatch();
  }
}

function watch({ tools, wanted, course }: Building, backend: Backend): () => void {
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
async function verify(
  { tools, wanted }: Building,
  work: WorkSession,
  table: TableFacts,
  shape: Shape,
): Promise<Ended> {
  const standing = await readStanding(work.session, wanted);
  if (!standing?.isValid || standing.tableId !== table.id || standing.shape !== shape)
    throw new Error("the server said that it was built, and the catalogs say otherwise");
  recordBuilt(tools, wanted, standing);
  return { state: "built", ...whatStands(wanted, standing) };
}
