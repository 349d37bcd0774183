import { AdapterError } from "../adapters/errors.js";
import type { HttpClient } from "../adapters/http/client.js";
import type { HttpRequest } from "../adapters/http/message.js";
import { pause } from "../adapters/pause.js";
import { runProgram } from "../adapters/run-program.js";
import { UnavailableError } from "../findings/errors.js";
import type { Side } from "./plan.js";

/** What brings one server into the mode of a side. */
export type Turn = { readonly command: readonly [string, ...string[]] } | { readonly request: HttpRequest };

/** How a server is switched between both modes, and how it shows which one it is in. */
export interface ModeSwitch {
  readonly turns: Readonly<Record<Side, Turn>>;
  readonly health: {
    /** Absolute. */
    readonly url: string;
    /** Keys to follow into the JSON answer. */
    readonly path: readonly string[];
    /** What stands there in each mode. */
    readonly expected: Readonly<Record<Side, string>>;
  };
  /** Milliseconds for a command, and then for the mode to show. */
  readonly timeout: number;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** Milliseconds between two looks at the health endpoint. */
const pollInterval = 100;
/** Looks that have to agree: behind a balancer, or with several processes, one alone may be behind. */
const agreeing = 5;

/** Switches a server's mode. What the server says of itself counts, never an exit code or a status. */
export class Switcher {
  #mode: Side | undefined;
  #mayBeUnguarded = false;

  constructor(
    private readonly modes: ModeSwitch,
    private readonly client: HttpClient,
  ) {}

  /** @throws UnavailableError where the mode does not show in time. */
  async turnTo(side: Side, signal?: AbortSignal): Promise<void> {
    if (this.#mode === side) return;
    this.#mode = undefined;
    this.#mayBeUnguarded ||= side === "baseline";
    const told = await this.#turn(this.modes.turns[side], signal);
    const deadline = performance.now() + this.modes.timeout;
    let seen = "";
    for (let agreed = 0; agreed < agreeing; ) {
      seen = await this.#look();
      agreed = seen === this.modes.health.expected[side] ? agreed + 1 : 0;
      if (agreed === agreeing) break;
      if (performance.now() > deadline) throw this.#notSwitched(side, seen, told);
      await pause(agreed > 0 ? 0 : pollInterval, signal);
    }
    this.#mode = side;
  }

  /** Leaves the server in the candidate's mode, unless nothing has taken it out of that. */
  async leave(): Promise<void> {
    if (this.#mayBeUnguarded) await this.turnTo("candidate");
  }

  /** @throws UnavailableError where the server left its mode while it was measured. */
  async confirm(side: Side): Promise<void> {
    const seen = await this.#look();
    if (seen === this.modes.health.expected[side]) return;
    this.#mode = undefined;
    throw new UnavailableError(
      `the server left the ${side}'s mode while it was measured: ${this.#place()} is ${seen}, not ${this.modes.health.expected[side]}`,
      "look for what else switches it, and run the same command again",
    );
  }

  /** @returns what the program or the server said of it, for a message */
  async #turn(turn: Turn, signal: AbortSignal | undefined): Promise<string> {
    const { env, cwd, timeout } = this.modes;
    if ("request" in turn) {
      const { status } = await this.client.send(turn.request);
      return `${turn.request.method} ${new URL(turn.request.url).pathname} answered ${status}`;
    }
    const code = await runProgram(turn.command, { env, cwd, timeout, signal });
    return `${turn.command[0]} ended with exit code ${code}`;
  }

  /** The mode as the server tells it; why not, where it does not. */
  async #look(): Promise<string> {
    const { url, path } = this.modes.health;
    try {
      const headers = { accept: "application/json", "user-agent": "tenantctl" };
      const { body, status } = await this.client.send({ method: "GET", url, headers });
      const value = path.reduce<unknown>(
        (at, key) =>
          typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined,
        JSON.parse(body),
      );
      return value === undefined ? `not there (status ${status})` : String(value);
    } catch (error) {
      if (error instanceof SyntaxError) return "not there (no JSON)";
      if (error instanceof AdapterError) return `not there (${error.message})`;
      throw error;
    }
  }

  #notSwitched(side: Side, seen: string, told: string): UnavailableError {
    return new UnavailableError(
      `the switch to the ${side}'s mode did not take place: ${told}, and ${this.#place()} is ${seen}, not ${this.modes.health.expected[side]}`,
      `check load.switch.${side} and load.switch.health of config`,
    );
  }

  #place(): string {
    const { url, path } = this.modes.health;
    const { origin, pathname } = new URL(url);
    return `${path.join(".")} of ${origin}${pathname}`;
  }
}
