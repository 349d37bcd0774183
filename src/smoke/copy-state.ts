import { pause } from "../adapters/pause.js";
import { type Actor, dispositionOf, type Exchange, type Mark, type Wire } from "../isolation/index.js";
import { isReady, type Judged, markOf } from "./judge.js";
import type { Ledger } from "./ledger.js";
import { filledPath, requestFrom, type Sender } from "./request.js";
import { secretField } from "./secrets.js";
import { UnknownPlaceholder, type Values } from "./template.js";
import { type Capture, isReading, type Step } from "./workflow.js";
import type { World } from "./world.js";

const firstPause = 100;
const longestPause = 2000;

/** What one copy of a workflow knows, and how it sends: for its steps, and for what cleans up after it. */
export class CopyState {
  readonly marks: Mark[] = [];
  /** Names of values that the workflow captured. */
  readonly captured = new Set<string>();

  constructor(
    readonly world: World,
    readonly owner: Actor,
    readonly ledger: Ledger,
    public values: Values,
  ) {}

  /**
   * Sends the request of a step, and of a step that waits again until its answer is so. Whoever sends a change tells
   * `keep` of the answer.
   *
   * @throws UnknownPlaceholder where a value is missing; HttpFailure where no answer came.
   */
  async send(step: Step, values: Values, wire: Wire): Promise<Sent> {
    const start = performance.now();
    const { as, sender } = this.#senderOf(step);
    const request = requestFrom(step.request, sender, values, this.world.target);
    const deadline = performance.now() + (step.until?.withinMs ?? 0);
    if (!isReading(request.method)) this.ledger.sending(step);
    for (let wait = firstPause; ; wait = Math.min(wait * 1.5, longestPause)) {
      const exchange = await wire.send(as, request);
      this.world.secrets.learnFrom(exchange);
      const left = deadline - performance.now();
      if (left <= 0 || !step.until || isReady(step, exchange, values))
        return { exchange, durationMs: performance.now() - start };
      await pause(Math.min(wait, left), wire.client.options.signal);
    }
  }

  /** What is known from now on: captured values, what was made and what is gone. */
  keep(step: Step, { captured, failure }: Judged, exchange: Exchange): void {
    const { request, secrecy } = step;
    if (step.as.kind === "tenant" && dispositionOf(exchange) === "served")
      this.world.served.add(this.owner.name);
    const isGone = request.method === "DELETE" && !failure;
    const there = step.captures.filter(({ name }) => captured.has(name));
    const [first] = there.filter(({ isSecret }) => !isSecret);
    const plain = there.filter(isPlain);
    const id = first && (isPlain(first) ? String(captured.get(first.name)) : "[redacted]");
    this.ledger.answered(step, {
      isChange: !isReading(request.method),
      captured: Object.fromEntries(plain.map(({ name }) => [name, captured.get(name)])),
      ...(request.method === "POST" && id !== undefined ? { made: { name: first!.name, id } } : {}),
      ...(isGone ? { deleted: filledPath(request.path, this.values) } : {}),
    });
    for (const capture of there) this.#learn(capture, captured.get(capture.name), secrecy.isPrivate);
    this.values = new Map([...this.values, ...captured]);
  }

  #senderOf({ as }: Step): { readonly as: string; readonly sender: Sender } {
    const { owner, world } = this;
    if (as.kind === "tenant") return { as: owner.name, sender: { actor: owner, isAnonymous: false } };
    if (as.kind === "nobody") return { as: "nobody", sender: { actor: owner, isAnonymous: true } };
    const token = as.kind === "user" ? world.tokenOf(as.name, owner.name) : this.values.get(as.name);
    if (token === undefined) throw new UnknownPlaceholder(as.name);
    const name = `${owner.name}_${as.name}`;
    world.secrets.add(name, String(token));
    return { as: name, sender: { actor: { ...owner, name, token: String(token) }, isAnonymous: false } };
  }

  #learn(capture: Capture, value: unknown, isPrivate: boolean): void {
    const { name, isSecret } = capture;
    if (isSecret) {
      this.world.secrets.add(`${this.owner.name}_${name}`, String(value));
      return;
    }
    this.captured.add(name);
    const mark = isPrivate ? markOf(capture, value) : undefined;
    if (mark) this.marks.push(mark);
  }
}

interface Sent {
  readonly exchange: Exchange;
  /** Its answer's, with all that was waited for. */
  readonly durationMs: number;
}

/** It may be written down. */
function isPlain({ name, place, isSecret }: Capture): boolean {
  return !isSecret && !secretField.test(name) && !secretField.test(place);
}
