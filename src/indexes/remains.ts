import { messageOf } from "../adapters/postgres/failure.js";
import { isOurs } from "./decide.js";
import { dropStatement, type IndexDefinition } from "./definition.js";
import { readStanding } from "./standing.js";
import { cancellable, cleanGrace, note, recordsOf, type Tools, type Worker } from "./tools.js";

/** What became of what an attempt left. */
export type Cleaned = { readonly isClean: true } | { readonly isClean: false; readonly reason: string };

/**
 * Drops what an attempt left, if it is invalid and provably ours. Half an index serves no query, and yet each
 * write may have to keep it; a unique one even refuses rows. Its drop waits for transactions, so it has its own
 * bound, and a new session where the old one is lost.
 */
export async function dropRemains(tools: Tools, worker: Worker, wanted: IndexDefinition): Promise<Cleaned> {
  const { schema, name } = wanted;
  const grace = AbortSignal.timeout(cleanGrace);
  try {
    const work = await worker.session(grace);
    const standing = await readStanding(work.session, wanted);
    if (!standing || standing.isValid || !isOurs(wanted, standing, recordsOf(tools))) {
      note(tools, { event: "cleaned", schema, name });
      return { isClean: true };
    }
    if (standing.builtBy !== null) {
      note(tools, { event: "left", schema, name });
      return { isClean: false, reason: `process ${standing.builtBy} goes on building it` };
    }
    tools.observe({ kind: "cleaning", index: wanted });
    note(tools, { event: "cleaning", schema, name });
    await cancellable(tools, work, grace, () =>
      work.session.run(dropStatement(wanted, { concurrently: true })),
    );
    note(tools, { event: "cleaned", schema, name });
    tools.limits.giveBack(name);
    return { isClean: true };
  } catch (error) {
    note(tools, { event: "left", schema, name });
    const reason = grace.aborted
      ? `its drop waited for other transactions for ${cleanGrace / 1000} s`
      : messageOf(error);
    return { isClean: false, reason };
  }
}
