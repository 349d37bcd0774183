import type { Actor } from "../actor.js";
import type { Operation } from "../api/operations.js";
import { newCanary } from "../canary.js";
import type { Exchange } from "../exchange.js";
import type { Planted } from "./planted.js";
import type { Planter } from "./planter.js";

/** Does to an object what an operation is for, `POST /quotations/{id}/approve`, as whoever. */
export async function actAs(
  planter: Planter,
  actor: Actor,
  target: Planted,
  operation: Operation,
): Promise<Exchange> {
  const filled = await planter.bodies.bodyFor(actor, operation, newCanary());
  const url = planter.urlOf(operation.path, target.parameters)!;
  const call = { method: operation.method, url, ...(filled ? { body: filled.body } : {}) };
  return planter.options.wire.ask(actor, call);
}
