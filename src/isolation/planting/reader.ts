import { lookUntil, pause } from "../../adapters/pause.js";
import type { Resource } from "../api/resources.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import type { Wire } from "../wire.js";
import { readListed } from "./listed.js";
import { holdsCanary, type Planted } from "./planted.js";

/** An API that shows what was written a little later is waited for: two seconds. */
const mostLooks = 21;
const between = 100;

/** Reads objects as their owners, and learns how late an API is. */
export class Reader {
  /** How long what was written has taken to show, in milliseconds at most. */
  #lateness = 0;
  /** By resource: whether its objects, once there, show anything that they can be known by. */
  readonly #isKnowable = new Map<Resource, boolean>();

  constructor(readonly wire: Wire) {}

  /** The owner's own reading of an object, by its path or, where it can't be read there, in its list. */
  look(planted: Planted): Promise<Exchange | undefined> {
    const { owner, url, home } = planted;
    return url !== undefined && home.read ? this.wire.get(owner, url) : readListed(this.wire, planted);
  }

  /** The owner's own reading of an object, once the API shows it. */
  async readBack(planted: Planted): Promise<Exchange | undefined> {
    const { home } = planted;
    const isThere = ({ response }: Exchange) => ![202, 403, 404].includes(response.status);
    // Some APIs say with 200 that nothing is there yet.
    const isShown = (exchange: Exchange) =>
      isThere(exchange) && (this.#isKnowable.get(home) === false || isItself(exchange, planted));
    const exchange = await this.readUntil(planted, isShown);
    if (exchange && isThere(exchange) && !this.#isKnowable.get(home))
      this.#isKnowable.set(home, isItself(exchange, planted));
    return exchange;
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

/** What is served says by its id or by what was sent which object it is. */
function isItself(exchange: Exchange, { id, canary }: Planted): boolean {
  return (
    dispositionOf(exchange) !== "served" ||
    holdsCanary(exchange, canary) ||
    exchange.parsed.leaves.some(({ value }) => value === id)
  );
}
