import type { CheckOutcome } from "../findings/check.js";
import { InterruptedError } from "../findings/errors.js";
import { type Actor, requireTwo } from "../isolation/index.js";
import { CopyRun } from "./copy-run.js";
import { Journal } from "./journal.js";
import { outcomeOf } from "./outcome.js";
import type { Copy } from "./results.js";
import type { Workflow } from "./workflow.js";
import { openWorld, type WorldOptions } from "./world.js";

export interface SmokeRun extends Omit<WorldOptions, "journal"> {
  readonly workflows: readonly Workflow[];
  /** Absolute: a journal is kept there until all is cleaned up. */
  readonly stateFolder: string;
  /** What the journal of this run is called. */
  readonly run: string;
}

export type SmokeProgress = (state: { title: string; done: number; total: number }) => void;

/** After so many workflows in a row without an answer the server is taken to be down. */
const mostSilent = 3;

/**
 * Runs workflows as all tenants at once, those of one tenant one after the other, so that it can count what it
 * made. After each step the others try to see what came of it.
 *
 * @returns a check a workflow; a server that does not answer makes it an error, a control that fails inconclusive
 * @throws UsageError where two tenants are one; InterruptedError, which says what is left, once all has been cleaned up.
 */
export async function runSmoke(
  options: SmokeRun,
  progress: SmokeProgress = () => {},
): Promise<CheckOutcome[]> {
  const { workflows, actors, http } = options;
  requireDifferent(actors);
  const journal = new Journal(options.stateFolder, options.run);
  const { world, close } = openWorld({ ...options, journal });
  const say = counted(workflows, actors, progress);
  const runs = actors.map((owner) =>
    workflows.map(
      (workflow) =>
        new CopyRun(world, workflow, owner, (step) => say(`${workflow.name}, tenant ${owner.name}: ${step}`)),
    ),
  );
  try {
    const ends = await Promise.allSettled(runs.map(runInTurn));
    const copies = runs.flat().map(({ copy }) => copy);
    if (!copies.some(({ needsCleanup }) => needsCleanup)) journal.discard();
    const broken = ends.find((end) => end.status === "rejected");
    // What was under way fails in its own way when it is aborted.
    const reason: unknown = http.signal?.aborted ? http.signal.reason : broken?.reason;
    if (broken) throw reason instanceof InterruptedError ? told(reason, copies) : reason;
    return workflows.map((workflow) => outcomeOf(workflow, copies, world));
  } finally {
    await close();
  }
}

/** The workflows of one tenant; what a server that is down would be asked is skipped. */
async function runInTurn(runs: readonly CopyRun[]): Promise<void> {
  let silent = 0;
  for (const run of runs) {
    if (silent >= mostSilent) run.skip(`the server did not answer ${silent} workflows in a row`);
    else {
      await run.run();
      silent = run.copy.results.some(({ outcome }) => outcome === "unanswered") ? silent + 1 : 0;
    }
  }
}

/** What an interruption left. */
function told({ hint }: InterruptedError, copies: readonly Copy[]): InterruptedError {
  const left = copies.flatMap((copy) => copy.left);
  const unsure = copies.flatMap((copy) => copy.unsure);
  const parts = [
    left.length ? `still there: ${left.join("; ")}` : "nothing that was made is left",
    ...(unsure.length ? [`not known what came of: ${unsure.join("; ")}`] : []),
    ...(copies.some(({ needsCleanup }) => needsCleanup) ? ["tenantctl isolation cleanup tries again"] : []),
  ];
  return new InterruptedError(
    `interrupted, and cleaned up as the workflows' finally says; ${parts.join("; ")}`,
    hint,
  );
}

function counted(workflows: readonly Workflow[], actors: readonly Actor[], progress: SmokeProgress) {
  const total = actors.length * workflows.reduce((sum, { steps }) => sum + steps.length, 0);
  let done = 0;
  return (title: string) => {
    progress({ title, done, total });
    done += 1;
  };
}

function requireDifferent(actors: readonly Actor[]): void {
  for (const [index, one] of actors.entries()) {
    for (const other of actors.slice(index + 1)) requireTwo(one, other);
  }
}
