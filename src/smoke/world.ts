import type { Actor, Mark, Wire } from "../isolation/index.js";
import type { Target } from "./request.js";
import type { Secrets } from "./secrets.js";
import type { Values } from "./template.js";

/** What every copy of every workflow shares. */
export interface World {
  /** Tenants that run the workflows, each with a token; two at least. */
  readonly actors: readonly Actor[];
  readonly target: Target;
  readonly wire: Wire;
  /** One that an interruption does not end. */
  readonly cleanupWire: Wire;
  readonly secrets: Secrets;
  /** Of config and of secrets, for a tenant. */
  readonly given: (tenant: string) => Values;
  /** Token of one of `smoke.users` of a tenant; undefined where config names none. */
  readonly tokenOf: (user: string, tenant: string) => string | undefined;
  readonly now: () => Date;
  /** Words that copies put into what they made, by tenant. */
  readonly planted: Map<string, Mark[]>;
  /** Tenants whose own token was good for something: the refusals of others prove nothing. */
  readonly served: Set<string>;
}
