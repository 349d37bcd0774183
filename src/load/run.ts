import { LoadGenerator } from "../adapters/autocannon/generator.js";
import type { Load, LoadResult } from "../adapters/autocannon/messages.js";
import { HttpClient, type HttpOptions } from "../adapters/http/client.js";
import type { CheckOutcome, Obstacle } from "../findings/check.js";
import { InconclusiveError, InterruptedError, UnavailableError } from "../findings/errors.js";
import type { LoadReading } from "../findings/load.js";
import { grouped } from "../findings/numbers.js";
import { answersRequired } from "./feasibility.js";
import { findingsOf } from "./findings.js";
import { LatencyHistogram } from "./histogram.js";
import { type Margins, meaningless, obstacleOf } from "./judge.js";
import { type MeasuredBlock, sumOf } from "./measured.js";
import { type LoadPlan, lengthOf, lengthWords, measuredOf, type Side, warmupBefore } from "./plan.js";
import { readingOf } from "./reading.js";
import { type ModeSwitch, Switcher } from "./switch.js";
import { type Target, tryOnce } from "./target.js";

/** The check, before it has run. */
export const loadCheck = { id: "load", title: "Latency and errors under load" } as const;

export interface LoadOptions {
  readonly targets: Readonly<Record<Side, Target>>;
  readonly routes: readonly string[];
  /** Names of the tenants whose tokens the requests bear. */
  readonly tenants: readonly string[];
  readonly plan: LoadPlan;
  readonly margins: Margins;
  readonly modes?: ModeSwitch | undefined;
  readonly http: HttpOptions;
  readonly signal: AbortSignal;
}

export interface LoadListener {
  /** How far it is, in milliseconds of its plan. */
  progress(title: string, done: number, total: number): void;
  /** Whether the plan suffices, before it starts. */
  note(text: string): void;
}

/**
 * Loads both sides in turn and compares them. What was measured before a server failed stands in the facts.
 *
 * @throws InterruptedError when the signal is aborted; the server is left in the candidate's mode.
 */
export async function checkLoad(options: LoadOptions, listener: LoadListener): Promise<CheckOutcome> {
  const start = performance.now();
  const client = new HttpClient({ ...options.http, signal: undefined });
  const switcher = options.modes && new Switcher(options.modes, client);
  const run = new LoadRun(options, listener, client, switcher);
  const failure = await run.measure().then(
    () => undefined,
    (error: unknown) => error,
  );
  await run.close();
  // Without its guard it must not be left behind, whatever happened.
  const left = await switcher?.leave().then(() => undefined, leftOf);
  await client.close();
  if (options.signal.aborted) throw interrupted(switcher !== undefined, left);
  const stop = joined(failure === undefined ? undefined : stopOf(failure), left);
  const { blocks, required } = run;
  const { plan, margins, targets, routes, tenants } = options;
  const urls = { baseline: targets.baseline.url, candidate: targets.candidate.url };
  const whole = readingOf(blocks, plan, margins, { urls, routes, tenants }, required);
  const reading = stop ? unjudged(whole) : meaningless(blocks, plan, margins) ? undecided(whole) : whole;
  const obstacle = stop ?? obstacleOf(blocks, plan, margins, reading);
  return {
    ...loadCheck,
    drafts: findingsOf(reading),
    ...(obstacle ? { obstacle } : {}),
    durationMs: performance.now() - start,
    facts: { api: apiOf(urls), load: reading },
  };
}

/** Both sides by their addresses, or the one that both have. */
export function apiOf({ baseline, candidate }: Readonly<Record<Side, string>>): string {
  return baseline === candidate ? baseline : `${candidate} against ${baseline}`;
}

class LoadRun {
  readonly blocks: MeasuredBlock[] = [];
  required: number | undefined;
  readonly #generator = new LoadGenerator();

  constructor(
    private readonly options: LoadOptions,
    private readonly listener: LoadListener,
    private readonly client: HttpClient,
    private readonly switcher: Switcher | undefined,
  ) {}

  async measure(): Promise<void> {
    const { plan, signal } = this.options;
    this.listener.note(lengthWords(plan));
    await this.#rehearse();
    for (const [index, side] of plan.order.entries()) {
      signal.throwIfAborted();
      const title = `block ${index + 1} of ${plan.order.length}, ${side}`;
      this.#say(title, lengthOf(plan, index));
      await this.switcher?.turnTo(side, signal);
      const block = await this.#load(side, warmupBefore(plan, index), title, lengthOf(plan, index));
      await this.switcher?.confirm(side);
      this.blocks.push(block);
    }
  }

  async close(): Promise<void> {
    await this.#generator.close();
  }

  /** Is everything there, and will the plan do? One block of the baseline that is not counted tells. */
  async #rehearse(): Promise<void> {
    const { plan, signal, targets, margins } = this.options;
    for (const side of ["candidate", "baseline"] as const) {
      signal.throwIfAborted();
      this.#say(`trying each route of the ${side}`, 0);
      await this.switcher?.turnTo(side, signal);
      await tryOnce(targets[side], this.client);
    }
    const block = await this.#load("baseline", plan.warmupMs, "trial block of the baseline", 0);
    const answers = block.latencies.total;
    if (answers === 0) return;
    const pairs = plan.order.length / 2;
    this.required = answersRequired([block.latencies], margins.latency, pairs);
    const planned = answers * pairs;
    const enough = planned >= this.required;
    const seconds = Math.ceil((measuredOf(plan) / 1000) * (this.required / planned));
    this.listener.note(
      `${enough ? "feasible" : "likely too few"}: about ${grouped(this.required)} answers a side tell ${margins.latency} ms at this P99 if blocks do not differ, about ${grouped(planned)} are planned${enough ? "" : `; --duration ${seconds} would do`}`,
    );
  }

  #say(title: string, done: number): void {
    this.listener.progress(title, done, lengthOf(this.options.plan));
  }

  /** @param before what of the plan is over by then, in milliseconds */
  async #load(side: Side, warmup: number, title: string, before: number): Promise<MeasuredBlock> {
    const { targets, plan, http, signal } = this.options;
    const duration = plan.blockMs;
    const { origin, requests } = targets[side];
    const load: Load = {
      origin,
      requests: requests.map(({ method, url, headers, body }) => ({
        method,
        path: url.slice(origin.length),
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [
            name,
            typeof value === "string" ? value : value.join(", "),
          ]),
        ),
        body,
      })),
      connections: plan.connections,
      rate: plan.rate,
      warmup,
      duration,
      timeout: http.timeout,
      isInsecure: http.isInsecure === true,
    };
    const latencies = new LatencyHistogram();
    const start = performance.now();
    const tick = () => this.#say(title, before + Math.min(warmup + duration, performance.now() - start));
    const ticking = setInterval(tick, 1000);
    tick();
    const result = await this.#generator
      .run(
        load,
        (more) => {
          for (const latency of more) latencies.record(latency);
        },
        signal,
      )
      .finally(() => clearInterval(ticking));
    if (result.brokenBy !== undefined)
      throw new UnavailableError(
        `${title}: ${origin} stopped answering (${result.brokenBy})`,
        "look into the application's log",
      );
    return measured(side, latencies, result);
  }
}

function measured(
  side: Side,
  latencies: LatencyHistogram,
  { statuses, failures, unsent, lag }: LoadResult,
): MeasuredBlock {
  const byStatus = Object.entries(statuses);
  const isOk = ([status]: [string, number]) => status.startsWith("2");
  const errorsBy = Object.fromEntries([
    ...byStatus.filter((entry) => !isOk(entry)),
    ...Object.entries(failures),
  ]);
  return {
    side,
    latencies,
    answered: sumOf(byStatus.filter(isOk), ([, number]) => number),
    errors: sumOf(Object.values(errorsBy), (number) => number),
    errorsBy,
    unsent,
    lag,
  };
}

/** What was measured before it ended early: figures, and no judgement of them. */
function unjudged({ latency: _latency, errors: _errors, ...figures }: LoadReading): LoadReading {
  return figures;
}

/** Latencies that say nothing about working requests. */
function undecided(reading: LoadReading): LoadReading {
  const { latency } = reading;
  return latency ? { ...reading, latency: { ...latency, verdict: "inconclusive" } } : reading;
}

function joined(stop: Obstacle | undefined, left: Obstacle | undefined): Obstacle | undefined {
  return stop && left ? { ...left, reason: `${stop.reason}; ${left.reason}` } : (stop ?? left);
}

/** Why it ended early. A route that is refused proves nothing either way; no answer is an error. */
function stopOf(error: unknown): Obstacle {
  const { hint } = error as { hint?: unknown };
  if (!(error instanceof Error) || typeof hint !== "string") throw error;
  const status = error instanceof InconclusiveError ? "inconclusive" : "error";
  return { status, reason: `${error.message}; ${hint}` };
}

/** The server may be without its guard: nothing is more urgent to say. */
function leftOf(error: unknown): Obstacle {
  const { message } = error as Error;
  return { status: "error", reason: `the server may be left without its guard: ${message}` };
}

function interrupted(wasSwitched: boolean, left: Obstacle | undefined): InterruptedError {
  const mode = left?.reason ?? "the server is in the candidate's mode";
  return new InterruptedError(
    `interrupted: no more requests are sent${wasSwitched ? `; ${mode}` : ""}`,
    "run the same command again",
  );
}
