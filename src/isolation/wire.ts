import type { HttpClient } from "../adapters/http/client.js";
import type { HttpRequest } from "../adapters/http/message.js";
import { type HttpStream, openStream } from "../adapters/http/stream.js";
import { type Actor, type Binding, type Call, requestOf, type Variation } from "./actor.js";
import { dispositionOf, type Exchange, exchangeOf } from "./exchange.js";

/** A server error is asked again, so that a hiccup is no verdict. */
const attempts = 3;

/** Sends calls as actors. */
export class Wire {
  /** Answers that say nothing: 5xx in every attempt, and 429 that stayed. */
  readonly unanswered: Exchange[] = [];
  /** Attempts in a row that got no answer at all. */
  silent = 0;

  constructor(
    readonly client: HttpClient,
    readonly binding: Binding,
  ) {}

  /**
   * A call whose answer stays open.
   *
   * @throws HttpFailure where none begins.
   */
  open(actor: Actor, call: Call): Promise<HttpStream> {
    return openStream(requestOf(actor, call, this.binding), this.client.options);
  }

  /**
   * One call, asked again where the server fails: what a failed one left is known by what is read afterwards.
   *
   * @throws HttpFailure where no answer came.
   */
  ask(actor: Actor, call: Call, variation: Variation = {}): Promise<Exchange> {
    const as = variation.isAnonymous ? "nobody" : actor.name;
    return this.send(as, requestOf(actor, call, this.binding, variation));
  }

  /** What stands at a URL, as an actor sees it. */
  get(actor: Actor, url: string, variation?: Variation): Promise<Exchange> {
    return this.ask(actor, { method: "GET", url }, variation);
  }

  /** The same for a request that is ready: `as` names whose token it bears. */
  async send(as: string, request: HttpRequest): Promise<Exchange> {
    for (let attempt = 1; ; attempt += 1) {
      const exchange = exchangeOf(as, request, await this.client.send(request));
      const disposition = dispositionOf(exchange);
      if (disposition === "failed" && attempt < attempts) continue;
      if (disposition === "failed" || disposition === "limited") this.unanswered.push(exchange);
      return exchange;
    }
  }
}
