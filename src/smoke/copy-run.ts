import { HttpFailure } from "../adapters/http/failure.js";
import { pause } from "../adapters/pause.js";
import {
  type Actor,
  dispositionOf,
  type Exchange,
  type Mark,
  sightings,
  type Wire,
} from "../isolation/index.js";
import { isReady, type Judged, judged, markOf } from "./judge.js";
import { sentenceOf } from "./leak-words.js";
import { Ledger } from "./ledger.js";
import { type Prey, readControls, routeOf, type Tried, tryOthers } from "./others.js";
import { filledPath, requestFrom, type Sender } from "./request.js";
import type { Copy, Leak, StepResult } from "./results.js";
import { UnknownPlaceholder, type Values } from "./template.js";
import { newCopyValues, valuesOfStep } from "./values.js";
import { type Capture, isReading, type Step, type Workflow } from "./workflow.js";
import type { World } from "./world.js";

const firstPause = 100;
const longestPause = 2000;

/** One workflow for one tenant, step by step; the others try after each. */
export class CopyRun {
  readonly #results: StepResult[] = [];
  readonly #marks: Mark[] = [];
  readonly #captured = new Set<string>();
  readonly #ledger: Ledger;
  #values: Values;
  #durationMs = 0;

  constructor(
    readonly world: World,
    readonly workflow: Workflow,
    readonly owner: Actor,
    readonly say: (step: string) => void,
  ) {
    const other = world.actors[(world.actors.indexOf(owner) + 1) % world.actors.length]!;
    const copy = newCopyValues(owner, other, world.given(owner.name), world.now());
    this.#values = copy.values;
    this.#ledger = new Ledger(owner.name);
    const planted = [copy.canary, copy.unique].map((value) => ({ value, kind: "planted" as const }));
    this.#marks.push(...planted);
    world.planted.get(owner.name)?.push(...planted);
  }

  /** What it came to so far: an interruption takes nothing of it. */
  get copy(): Copy {
    const done = new Set(this.#results.map(({ step }) => step));
    const open = [...this.workflow.steps, ...this.workflow.cleanup].filter((step) => !done.has(step));
    return {
      workflow: this.workflow,
      owner: this.owner,
      results: [...this.#results, ...open.map((step) => skipped(step, "it was not reached"))],
      left: this.#ledger.left,
      unsure: this.#ledger.unsure,
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
      for (const step of this.workflow.cleanup) this.#results.push(await this.#cleanUp(step));
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
      const { result, mayGoOn } = await this.#answered(step, () => this.#runStep(step));
      this.#results.push(result);
      if (!mayGoOn)
        stopped = `${step.name}, before it, ${result.outcome === "leaked" ? "was changed by another tenant" : "did not pass"}`;
    }
  }

  /** A server that does not answer ends the copy, not the run. */
  async #answered(step: Step, work: () => Promise<StepEnd>): Promise<StepEnd> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      const reason = `${error.message}; ${error.hint}`;
      return { result: { step, outcome: "unanswered", reason, leaks: [] }, mayGoOn: false };
    }
  }

  async #runStep(step: Step): Promise<StepEnd> {
    const values = valuesOfStep(this.#values);
    const isDeletion = step.request.method === "DELETE" && step.secrecy.proof !== "none";
    const early = isDeletion ? await readControls(this.#prey(values), step.secrecy) : undefined;
    const exchange = await this.#send(step, values, this.world.wire);
    const judgement = judged(step, exchange, values);
    this.#keep(step, judgement, exchange);
    const { failure } = judgement;
    if (failure) {
      const isLimited = dispositionOf(exchange) === "limited";
      const outcome = isLimited ? ("inconclusive" as const) : ("failed" as const);
      return {
        result: { step, outcome, reason: failure.problem, failure, leaks: this.#bled(step, exchange) },
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
      result: resultOf(step, { ...tried, leaks }),
      mayGoOn: !leaks.some(({ kind }) => kind === "changed"),
    };
  }

  /** A step that cleans up is tried where there is something, and stops no other. */
  async #cleanUp(step: Step): Promise<StepResult> {
    const values = valuesOfStep(this.#values);
    try {
      if (this.#ledger.isDeleted(filledPath(step.request.path, values)))
        return skipped(step, "it is deleted already");
      const { result } = await this.#answered(step, async () => {
        const exchange = await this.#send(step, values, this.world.cleanupWire);
        const judgement = judged(step, exchange, values);
        this.#keep(step, judgement, exchange);
        const { failure } = judgement;
        const result: StepResult = failure
          ? { step, outcome: "failed", reason: failure.problem, failure, leaks: [] }
          : { step, outcome: "passed", leaks: [] };
        return { result, mayGoOn: true };
      });
      return result;
    } catch (error) {
      if (error instanceof UnknownPlaceholder) return skipped(step, "there is nothing to clean up");
      throw error;
    }
  }

  /** Sends the request of a step, and of a step that waits again until its answer is so. */
  async #send(step: Step, values: Values, wire: Wire): Promise<Exchange> {
    const { as, sender } = this.#senderOf(step);
    const request = requestFrom(step.request, sender, values, this.world.target);
    const deadline = performance.now() + (step.until?.withinMs ?? 0);
    if (!isReading(request.method)) this.#ledger.sending(step.request);
    for (let wait = firstPause; ; wait = Math.min(wait * 1.5, longestPause)) {
      const exchange = await wire.send(as, request);
      this.world.secrets.learnFrom(exchange);
      const left = deadline - performance.now();
      if (left <= 0 || !step.until || isReady(step, exchange, values)) {
        if (!isReading(request.method)) this.#ledger.answered();
        return exchange;
      }
      await pause(Math.min(wait, left), wire.client.options.signal);
    }
  }

  #senderOf({ as }: Step): { readonly as: string; readonly sender: Sender } {
    const { owner, world } = this;
    if (as.kind === "tenant") return { as: owner.name, sender: { actor: owner, isAnonymous: false } };
    if (as.kind === "nobody") return { as: "nobody", sender: { actor: owner, isAnonymous: true } };
    const token = as.kind === "user" ? world.tokenOf(as.name, owner.name) : this.#values.get(as.name);
    if (token === undefined) throw new UnknownPlaceholder(as.name);
    const name = `${owner.name}_${as.name}`;
    world.secrets.add(name, String(token));
    return { as: name, sender: { actor: { ...owner, name, token: String(token) }, isAnonymous: false } };
  }

  /** What is known from now on: captured values, what was made and what is gone. */
  #keep(step: Step, { captured, failure }: Judged, exchange: Exchange): void {
    const { request, secrecy } = step;
    if (step.as.kind === "tenant" && dispositionOf(exchange) === "served")
      this.world.served.add(this.owner.name);
    if (request.method === "DELETE" && !failure) this.#ledger.deleted(filledPath(request.path, this.#values));
    const there = step.captures.filter(({ name }) => captured.has(name));
    const [first] = there.filter(({ isSecret }) => !isSecret);
    if (request.method === "POST" && first)
      this.#ledger.made(request, first.name, String(captured.get(first.name)));
    for (const capture of there) this.#learn(capture, captured.get(capture.name), secrecy.isPrivate);
    this.#values = new Map([...this.#values, ...captured]);
  }

  #learn(capture: Capture, value: unknown, isPrivate: boolean): void {
    const { name, isSecret } = capture;
    if (isSecret) {
      this.world.secrets.add(`${this.owner.name}_${name}`, String(value));
      return;
    }
    this.#captured.add(name);
    const mark = isPrivate ? markOf(capture, value) : undefined;
    if (mark) this.#marks.push(mark);
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
    return { world, owner, marks: this.#marks, values, captured: this.#captured };
  }
}

interface StepEnd {
  readonly result: StepResult;
  /** The next step has something to build on. */
  readonly mayGoOn: boolean;
}

function resultOf(step: Step, { leaks, unsure }: Tried): StepResult {
  const [leak] = leaks;
  if (leak) return { step, outcome: "leaked", reason: sentenceOf(leak), leaks };
  if (unsure[0] !== undefined) return { step, outcome: "inconclusive", reason: unsure[0], leaks };
  return { step, outcome: "passed", leaks };
}

function skipped(step: Step, reason: string): StepResult {
  return { step, outcome: "skipped", reason, leaks: [] };
}
