import { HttpClient, type HttpOptions } from "../adapters/http/client.js";
import { type Actor, type Mark, Wire } from "../isolation/index.js";
import type { Journal } from "./journal.js";
import type { Target } from "./request.js";
import { Secrets } from "./secrets.js";
import type { Values } from "./template.js";

/** What every copy of every workflow shares. */
export interface World extends Given {
  /** Tenants that run the workflows, each with a token; two at least. */
  readonly actors: readonly Actor[];
  readonly target: Target;
  readonly wire: Wire;
  /** One that an interruption does not end. */
  readonly cleanupWire: Wire;
  readonly secrets: Secrets;
  readonly journal: Pick<Journal, "writerFor">;
  readonly now: () => Date;
  /** Words that copies put into what they made, by tenant. */
  readonly planted: Map<string, Mark[]>;
  /** Tenants whose own token was good for something: the refusals of others prove nothing. */
  readonly served: Set<string>;
}

/** What config gives to workflows. */
export interface Given {
  /** Of config and of secrets, for a tenant. */
  readonly given: (tenant: string) => Values;
  /** Token of one of `smoke.users` of a tenant; undefined where config names none. */
  readonly tokenOf: (user: string, tenant: string) => string | undefined;
}

export interface WorldOptions extends Given, Pick<World, "actors" | "target" | "now" | "journal"> {
  readonly http: HttpOptions;
  /** What `given` holds and no output may, by name. */
  readonly knownSecrets: ReadonlyMap<string, string>;
}

/** What cleaning up may take, in milliseconds a request: it goes on after an interruption. */
const cleanupTimeout = 5000;

/** A world and its connections, until `close` ends them. */
export function openWorld(options: WorldOptions): { world: World; close(): Promise<void> } {
  const { actors, target, http, given, tokenOf, now, journal } = options;
  const client = new HttpClient(http);
  const cleanupClient = new HttpClient({
    ...http,
    timeout: Math.min(http.timeout, cleanupTimeout),
    signal: undefined,
  });
  const secrets = new Secrets(actors);
  for (const [name, value] of options.knownSecrets) secrets.add(name, value);
  const world: World = {
    ...{ actors, target, secrets, given, tokenOf, now, journal },
    wire: new Wire(client, target.binding),
    cleanupWire: new Wire(cleanupClient, target.binding),
    planted: new Map(actors.map(({ name }) => [name, []])),
    served: new Set(),
  };
  return {
    world,
    close: async () => {
      await Promise.all([client.close(), cleanupClient.close()]);
    },
  };
}
