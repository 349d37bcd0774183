import { pause } from "../../adapters/pause.js";
import type { Exchange } from "../exchange.js";
import type { Wire } from "../wire.js";
import type { Planted } from "./planted.js";

/** An API that shows what was written a little later is waited for, so many times 100 ms. */
const patience = 20;
const between = 100;

/** Reads objects as their owners, and learns how late an API is. */
export class Reader {
  /** How long what was written has taken to show, in milliseconds at most. */
  #lateness = 0;

  constructor(readonly wire: Wire) {}

  /** The owner's own reading of an object, once the API shows it. */
  readBack(planted: Planted): Promise<Exchange | undefined> {
    return this.readUntil(planted, ({ response }) => ![202, 403, 404].includes(response.status));
  }

  /** The owner's own reading of an object, as soon as it shows something, or what it says when patience ends. */
  async readUntil(
    { owner, url }: Planted,
    isShown: (exchange: Exchange) => boolean,
  ): Promise<Exchange | undefined> {
    if (url === undefined) return undefined;
    const start = performance.now();
    for (let time = 0; ; time += 1) {
      const exchange = await this.wire.ask(owner, { method: "GET", url });
      if (isShown(exchange)) {
        if (time > 0) this.#lateness = Math.max(this.#lateness, performance.now() - start);
        return exchange;
      }
      if (time >= patience) return exchange;
      await pause(between, this.wire.client.options.signal);
    }
  }

  /** Lets what was attempted show, where this API has been seen to be late. */
  async settle(): Promise<void> {
    if (this.#lateness > 0) await pause(2 * this.#lateness, this.wire.client.options.signal);
  }
}
