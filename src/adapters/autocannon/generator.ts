import { Worker } from "node:worker_threads";
import { AdapterError } from "../errors.js";
import type { Load, LoadResult, WorkerAnswer } from "./messages.js";

/**
 * Sends load from a thread of its own, so that nothing else of this process delays what it measures. Tokens go
 * there as a message: no argument and no environment holds them.
 */
export class LoadGenerator {
  readonly #worker = new Worker(new URL("./worker.js", import.meta.url), { env: {} });

  /**
   * Loads a server and hands over each latency, in milliseconds, of a request that began while it was measured:
   * those with a 2xx answer, and those that ran into the timeout.
   *
   * At a fixed rate a latency counts from when the request was due, if its connection was still waiting for the
   * answer before (so that a stall counts for all that it holds up, as in wrk2); without a rate, from when it was
   * sent.
   *
   * @throws AdapterError where the generator itself fails; the signal's reason when it is aborted, at once.
   */
  run(load: Load, onLatencies: (latencies: Float64Array) => void, signal: AbortSignal): Promise<LoadResult> {
    const listeners = new AbortController();
    return new Promise<LoadResult>((resolve, reject) => {
      const fail = (message: string) =>
        reject(new AdapterError(`the load generator failed: ${message}`, "run it again with --verbose"));
      const on = <Value>(event: string, listener: (value: Value) => void) => {
        this.#worker.on(event, listener);
        listeners.signal.addEventListener("abort", () => this.#worker.off(event, listener));
      };
      on<WorkerAnswer>("message", (answer) => {
        if (answer.kind === "latencies") onLatencies(answer.latencies);
        else if (answer.kind === "result") resolve(answer.result);
        else fail(answer.message);
      });
      on<Error>("error", ({ message }) => fail(message));
      on<number>("exit", () => fail("it ended"));
      const stop = () => {
        reject(signal.reason);
        void this.close();
      };
      signal.addEventListener("abort", stop, { once: true, signal: listeners.signal });
      if (signal.aborted) stop();
      else this.#worker.postMessage(load);
    }).finally(() => listeners.abort());
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
