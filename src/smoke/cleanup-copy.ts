import { type Actor, dispositionOf, isTellingId, sightings } from "../isolation/index.js";
import { answered, cleanUp, isCleanedUp } from "./cleanup-step.js";
import { CopyState } from "./copy-state.js";
import type { OpenCopy } from "./journal.js";
import { Ledger } from "./ledger.js";
import { objectPath, routeOf } from "./others.js";
import { requestFrom } from "./request.js";
import { type StepResult, skipped } from "./results.js";
import { placeholdersIn } from "./template.js";
import { withGiven } from "./values.js";
import type { Step, Workflow } from "./workflow.js";
import { openWorld, type World, type WorldOptions } from "./world.js";

export interface CopyCleanup extends Omit<WorldOptions, "journal" | "target"> {
  /** Of config, as it is now. */
  readonly workflows: readonly Workflow[];
  readonly binding: WorldOptions["target"]["binding"];
  /** Says what is left, and sends nothing. */
  readonly isDryRun: boolean;
}

/** What came of cleaning up after one copy. */
export interface CleanedCopy {
  readonly results: readonly StepResult[];
  /** What was there before, and is there still. */
  readonly before: readonly string[];
  readonly left: readonly string[];
  readonly unsure: readonly string[];
  /** Steps have done what they can. */
  readonly isDone: boolean;
  /** Why it can't be cleaned up now. */
  readonly problems: readonly string[];
}

export async function cleanUpCopy(copy: OpenCopy, options: CopyCleanup): Promise<CleanedCopy> {
  const { key, events, write } = copy;
  const ledger = Ledger.after(key.tenant, events, write);
  const before = ledger.left;
  const workflow = options.workflows.find(({ name }) => name === key.workflow);
  const actor = options.actors.find(({ tenantId }) => tenantId === key.tenantId);
  const whose = `${key.workflow}, tenant ${key.tenant}`;
  const untouched = { results: [], before, left: before, unsure: ledger.unsure, isDone: false };
  if (!workflow)
    return { ...untouched, problems: [`config has no workflow ${key.workflow} any more: name it as it was`] };
  if (!actor?.token) return { ...untouched, problems: [`${whose}: there is no token for ${key.tenantId}`] };
  if (options.isDryRun) return { ...untouched, isDone: workflow.cleanup.length === 0, problems: [] };
  const { world, close } = openWorld({
    ...options,
    target: { baseUrl: key.baseUrl, binding: options.binding },
    journal: { writerFor: () => write },
  });
  try {
    const owner = { ...actor, name: key.tenant };
    const state = stateAfter(copy, world, owner, ledger);
    const results: StepResult[] = [];
    for (const step of workflow.cleanup) results.push(await cleanUpOurs(state, asOwner(step, state)));
    const isDone = isCleanedUp(results);
    if (isDone && ledger.unsure.length === 0) ledger.finish();
    const evidence = world.secrets.evidence(options.binding);
    return {
      ...{ results, before, left: ledger.left, unsure: untouched.unsure, isDone },
      problems: results.flatMap(({ step, outcome, reason }) =>
        outcome === "failed" || outcome === "unanswered"
          ? [evidence.hide(`${whose}, ${step.name}: ${routeOf(step.request)} ${reason}`)]
          : [],
      ),
    };
  } finally {
    await close();
  }
}

/** What the copy knew when it was killed, but for secrets. */
function stateAfter({ events }: OpenCopy, world: World, owner: Actor, ledger: Ledger): CopyState {
  const begun = events.flatMap((event) => (event.event === "begun" ? [event.values] : []));
  const captured = events.flatMap((event) => (event.event === "answered" ? [event.captured] : []));
  const known = Object.assign({}, ...begun, ...captured) as Record<string, unknown>;
  const state = new CopyState(world, owner, ledger, withGiven(owner, known, world.given(owner.name)));
  for (const name of captured.flatMap(Object.keys)) state.captured.add(name);
  for (const value of begun.flatMap(({ canary, unique }) => [canary!, unique!]))
    state.marks.push({ value, kind: "planted" });
  return state;
}

/** A token that was captured is written down nowhere: the tenant's own takes its place. */
function asOwner(step: Step, { values }: CopyState): Step {
  const { as } = step;
  return as.kind === "captured" && !values.has(as.name) ? { ...step, as: { kind: "tenant" } } : step;
}

/**
 * Runs a step that cleans up, where what it is about is known to be of this copy: ids that count come to be used
 * again, by a database that was set up anew.
 */
async function cleanUpOurs(state: CopyState, step: Step): Promise<StepResult> {
  const { path, query, body } = step.request;
  const countsIn = (template: unknown) =>
    placeholdersIn(template).filter(
      (name) => state.captured.has(name) && !isTellingId(String(state.values.get(name))),
    );
  if (countsIn([query, body]).some((name) => !placeholdersIn(path).includes(name)))
    return { step, outcome: "failed", reason: doubt, leaks: [] };
  if (countsIn(path).length === 0) return cleanUp(state, step);
  const { result, mayGoOn } = await answered(step, async () => {
    const reading = { method: "GET", path: objectPath(path, state.captured), query: {}, body: undefined };
    const { owner, world, values } = state;
    const request = requestFrom(reading, { actor: owner, isAnonymous: false }, values, world.target);
    const there = await world.cleanupWire.send(owner.name, request);
    if ([404, 410].includes(there.response.status))
      return { result: skipped(step, "it is gone"), mayGoOn: false };
    const isOurs = dispositionOf(there) === "served" && sightings(there, state.marks).length > 0;
    return { result: { step, outcome: "failed", reason: doubt, leaks: [] }, mayGoOn: isOurs };
  });
  return mayGoOn ? cleanUp(state, step) : result;
}

const doubt =
  "is not sent: its id may be another object's by now, and nothing there shows that this workflow made it";
