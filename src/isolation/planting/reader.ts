import { lookUntil, pause } from "../../adapters/pause.js";
import type { Exchange } from "../exchange.js";
import type { Wire } from "../wire.js";
import { readListed } from "./listed.js";
import type { Planted } from "./planted.js";

/** An API that shows what was written a little later is waited for: two seconds. */
const mostLooks = 21;
const between = 100;

/** Reads objects as their owners, and learns how late an API is. */
export class Reader {
  /** How long what was written has taken to show, in milliseconds at most. */
  #lateness = 0;

  constructor(readonly wire: Wire) {}

  /** The owner's own reading of an object, by its path or, where it can't be read there, in its list. */
  look(planted: Planted): Promise<Exchange | undefined> {
    const { owner, url, home } = planted;
    return url !== undefined && home.read ? this.wire.get(owner, url) : readListed(this.wire, planted);
  }

  /** The owner's own reading of an object, once the API shows it. */
  readBack(planted: Planted): Promise<Exchange | undefined> {
    return this.readUntil(planted, ({ response }) => ![202, 403, 404].includes(response.status));
  }

  /** The owner's own reading of an object, as soon as it shows something, or what it says when patience ends. */
  async readUntil(planted: Planted, isShown: (exchange: Exchange) => boolean): Promise<Exchange | undefined> {
    if ((planted.url === undefined || !planted.home.read) && !planted.list) return undefined;
    const { signal } = this.wire.client.options;
    const start = performance.now();
    let looks = 0;
    const look = () => {
      looks += 1;
      return this.look(planted);
    };
    const exchange = await lookUntil(look, (each) => each !== undefined && isShown(each), {
      most: mostLooks,
      between,
      signal,
    });
    if (looks > 1 && exchange && isShown(exchange))
      this.#lateness = Math.max(this.#lateness, performance.now() - start);
    return exchange;
  }

  /** Lets what was attempted show, where this API has been seen to be late. */
  async settle(): Promise<void> {
    if (this.#lateness > 0) await pause(2 * this.#lateness, this.wire.client.options.signal);
  }
}
