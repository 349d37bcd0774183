import { createRequire } from "node:module";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parentPort } from "node:worker_threads";
import { type Client, type ClientListener, SteadyClient } from "./client.js";
import type { Load, LoadResult, WorkerAnswer } from "./messages.js";

/** What is used of autocannon; it brings no types of its own. */
type Autocannon = (options: Readonly<Record<string, unknown>>) => PromiseLike<unknown> & { stop(): void };

const autocannon = createRequire(import.meta.url)("autocannon") as Autocannon;

/** Latencies that are handed over at once: few messages while the load is on. */
const handedOver = 65_536;
/** Milliseconds between two looks of the timer that measures how late timers are. */
const lagResolution = 2;
/** Milliseconds after which autocannon sees that it has been stopped. */
const sampleInterval = 20;

parentPort!.on("message", async (load: Load) => {
  try {
    send({ kind: "result", result: await run(load) });
  } catch (error) {
    send({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
});

async function run(load: Load): Promise<LoadResult> {
  const tally = new Tally(load);
  const lag = monitorEventLoopDelay({ resolution: lagResolution });
  const steady: SteadyClient[] = [];
  const clients: Client[] = [];
  let onDrained = () => {};
  const drained = new Promise<void>((done) => {
    onDrained = done;
  });
  const destroy = () => {
    for (const client of clients) client.destroy();
    onDrained();
  };
  const listener: ClientListener = {
    answered: (...answer) => tally.answered(...answer),
    failed: (...failure) => {
      if (tally.failed(...failure)) destroy();
    },
    idle: () => {
      if (tally.isOver && steady.every(({ isIdle }) => isIdle)) onDrained();
    },
  };
  const interval = load.rate === undefined ? undefined : (1000 * load.connections) / load.rate;
  const tracker = autocannon({
    url: load.origin,
    connections: load.connections,
    // It is stopped sooner, once everything in flight has been answered.
    duration: (load.warmup + load.duration + 2 * load.timeout) / 1000 + 60,
    timeout: load.timeout / 1000,
    sampleInt: sampleInterval,
    requests: load.requests,
    setupClient: (client: Client) => {
      const place = clients.length;
      client.setRequests(rotated(load.requests, place));
      clients.push(client);
      const schedule = interval && {
        first: tally.start + (place * interval) / load.connections,
        interval,
      };
      steady.push(new SteadyClient(client, { ...load, schedule: schedule || undefined }, listener));
    },
  });
  const begin = setTimeout(() => lag.enable(), load.warmup);
  const end = setTimeout(() => {
    lag.disable();
    tally.isOver = true;
    tally.unsent = steady.reduce((sum, client) => sum + client.unsentAt(tally.end), 0);
    for (const client of steady) client.close();
  }, tally.end - performance.now());
  await drained;
  clearTimeout(begin);
  clearTimeout(end);
  lag.disable();
  destroy();
  tracker.stop();
  await tracker;
  tally.handOver();
  return { ...tally.result(), lag: Math.max(0, lag.percentile(99) / 1e6 - lagResolution) };
}

/** Counts the requests that began while it was measured; the warm-up's are only looked at for signs of death. */
class Tally {
  readonly start = performance.now();
  readonly end: number;
  isOver = false;
  unsent = 0;
  #latencies = new Float64Array(handedOver);
  #length = 0;
  #failuresInARow = 0;
  #lastFailure: string | undefined;
  #isBroken = false;
  readonly #statuses: Record<number, number> = {};
  readonly #failures: Record<string, number> = {};

  constructor(private readonly load: Load) {
    this.end = this.start + load.warmup + load.duration;
  }

  answered(status: number, latency: number, begun: number): void {
    this.#failuresInARow = 0;
    if (!this.#isMeasured(begun)) return;
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    if (status >= 200 && status < 300) this.#record(latency);
  }

  /** True where the server has stopped answering altogether. */
  failed(reason: string, waited: number, begun: number): boolean {
    if (this.#isMeasured(begun)) {
      this.#failures[reason] = (this.#failures[reason] ?? 0) + 1;
      // It took at least that long: leaving it out would make the tail look better than it is.
      if (reason === "ETIMEDOUT") this.#record(waited);
    }
    this.#failuresInARow += 1;
    this.#lastFailure = reason;
    if (this.#failuresInARow < 3 * this.load.connections) return false;
    this.#isBroken = true;
    return true;
  }

  handOver(): void {
    const latencies = this.#latencies.slice(0, this.#length);
    send({ kind: "latencies", latencies }, [latencies.buffer]);
    this.#length = 0;
  }

  result(): Omit<LoadResult, "lag"> {
    // Of a short load with a long timeout, each connection fails but once.
    const isSilent = Object.keys(this.#statuses).length === 0 && this.#lastFailure !== undefined;
    return {
      statuses: this.#statuses,
      failures: this.#failures,
      unsent: this.unsent,
      ...(this.#isBroken || isSilent ? { brokenBy: this.#lastFailure! } : {}),
    };
  }

  #isMeasured(begun: number): boolean {
    return begun >= this.start + this.load.warmup && begun < this.end;
  }

  #record(latency: number): void {
    this.#latencies[this.#length] = latency;
    this.#length += 1;
    if (this.#length === handedOver) this.handOver();
  }
}

/** The same list from another place, so that connections do not all ask for the same at once. */
function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const from = by % items.length;
  return [...items.slice(from), ...items.slice(0, from)];
}

function send(answer: WorkerAnswer, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(answer, transfer);
}
