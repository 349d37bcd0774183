import { type Actor, dispositionOf, type Exchange, sightings } from "../isolation/index.js";
import { answered, cleanUp, isCleanedUp } from "./cleanup-step.js";
import { CopyState } from "./copy-state.js";
import { judged } from "./judge.js";
import { sentenceOf } from "./leak-words.js";
import { Ledger } from "./ledger.js";
import { type Prey, readControls, routeOf, type Tried, tryOthers } from "./others.js";
import { type Copy, type Leak, type StepEnd, type StepResult, skipped } from "./results.js";
import type { Values } from "./template.js";
import { newCopyValues, valuesOfStep, withGiven } from "./values.js";
import type { Step, Workflow } from "./workflow.js";
import type { World } from "./world.js";

/** One workflow for one tenant, step by step; the others try after each. */
export class CopyRun {
  readonly #results: StepResult[] = [];
  readonly #state: CopyState;
  #durationMs = 0;
  #needsCleanup = false;

  constructor(
    readonly world: World,
    readonly workflow: Workflow,
    readonly owner: Actor,
    readonly say: (step: string) => void,
  ) {
    const other = world.actors[(world.actors.indexOf(owner) + 1) % world.actors.length]!;
    const copy = newCopyValues(other, world.now());
    const { name: tenant, tenantId } = owner;
    const key = { workflow: workflow.name, tenant, tenantId, baseUrl: world.target.baseUrl };
    const ledger = new Ledger(tenant, world.journal.writerFor(key));
    ledger.begin(copy);
    this.#state = new CopyState(world, owner, ledger, withGiven(owner, copy, world.given(tenant)));
    const planted = [copy.canary, copy.unique].map((value) => ({ value, kind: "planted" as const }));
    this.#state.marks.push(...planted);
    world.planted.get(tenant)?.push(...planted);
  }

  /** What it came to so far: an interruption takes nothing of it. */
  get copy(): Copy {
    const done = new Set(this.#results.map(({ step }) => step));
    const open = [...this.workflow.steps, ...this.workflow.cleanup].filter((step) => !done.has(step));
    return {
      workflow: this.workflow,
      owner: this.owner,
      results: [...this.#results, ...open.map((step) => skipped(step, "it was not reached"))],
      left: this.#state.ledger.left,
      unsure: this.#state.ledger.unsure,
      needsCleanup: this.#needsCleanup,
      durationMs: this.#durationMs,
    };
  }

  /**
   * Runs the steps up to the first that fails, then in any case what cleans up.
   *
   * @throws the signal's reason where it was interrupted; it has cleaned up by then.
   */
  async run(): Promise<void> {
    const start = performance.now();
    try {
      await this.#runSteps();
    } finally {
      const cleaned: StepResult[] = [];
      for (const step of this.workflow.cleanup) cleaned.push(await cleanUp(this.#state, step));
      this.#results.push(...cleaned);
      if (isCleanedUp(cleaned)) this.#state.ledger.finish();
      else this.#needsCleanup = true;
      this.#durationMs = performance.now() - start;
    }
  }

  /** Nothing was sent for it. */
  skip(reason: string): void {
    this.#results.push(...this.workflow.steps.map((step) => skipped(step, reason)));
    this.#results.push(...this.workflow.cleanup.map((step) => skipped(step, "there is nothing to clean up")));
  }

  async #runSteps(): Promise<void> {
    let stopped: string | undefined;
    for (const step of this.workflow.steps) {
      this.say(step.name);
      if (stopped !== undefined) {
        this.#results.push(skipped(step, stopped));
        continue;
      }
      const { result, mayGoOn } = await answered(step, () => this.#runStep(step));
      this.#results.push(result);
      if (!mayGoOn)
        stopped = `${step.name}, before it, ${result.outcome === "leaked" ? "was changed by another tenant" : "did not pass"}`;
    }
  }

  async #runStep(step: Step): Promise<StepEnd> {
    const values = valuesOfStep(this.#state.values);
    const isDeletion = step.request.method === "DELETE" && step.secrecy.proof !== "none";
    const early = isDeletion ? await readControls(this.#prey(values), step.secrecy) : undefined;
    const { exchange, durationMs } = await this.#state.send(step, values, this.world.wire);
    const judgement = judged(step, exchange, values);
    this.#state.keep(step, judgement, exchange);
    const { failure } = judgement;
    if (failure) {
      const isLimited = dispositionOf(exchange) === "limited";
      const outcome = isLimited ? ("inconclusive" as const) : ("failed" as const);
      return {
        result: {
          ...{ step, outcome, durationMs, failure },
          reason: failure.problem,
          leaks: this.#bled(step, exchange),
        },
        mayGoOn: false,
      };
    }
    const tried = await tryOthers(
      this.#prey(new Map([...values, ...judgement.captured])),
      step.secrecy,
      early,
    );
    const leaks = [...this.#bled(step, exchange), ...tried.leaks];
    // What another tenant changed is not what the next steps build on.
    return {
      result: { ...resultOf(step, { ...tried, leaks }), durationMs },
      mayGoOn: !leaks.some(({ kind }) => kind === "changed"),
    };
  }

  /** Words of other tenants' copies in an answer to this one: contexts that bleed, a cache. */
  #bled(step: Step, exchange: Exchange): Leak[] {
    if (!step.secrecy.isPrivate) return [];
    return [...this.world.planted].flatMap(([other, marks]) => {
      const seen = other === this.owner.name ? [] : sightings(exchange, marks);
      if (seen.length === 0) return [];
      const names = { other: this.owner.name, owner: other };
      return [
        { route: routeOf(step.request), kind: "bled", ...names, attack: exchange, control: undefined, seen },
      ];
    });
  }

  #prey(values: Values): Prey {
    const { world, owner } = this;
    const { marks, captured } = this.#state;
    return { world, owner, marks, values, captured };
  }
}

function resultOf(step: Step, { leaks, unsure }: Tried): StepResult {
  const [leak] = leaks;
  if (leak) return { step, outcome: "leaked", reason: sentenceOf(leak), leaks };
  if (unsure[0] !== undefined) return { step, outcome: "inconclusive", reason: unsure[0], leaks };
  return { step, outcome: "passed", leaks };
}
