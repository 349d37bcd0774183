import type { Actor } from "../actor.js";
import { dispositionOf } from "../exchange.js";
import { isMarkedDeleted } from "../soft-delete.js";
import type { Wire } from "../wire.js";

/**
 * Deletes an object as its owner, and reads it afterwards: an answer alone proves nothing.
 *
 * @returns whether it is gone
 * @throws HttpFailure where no answer came.
 */
export async function deleteAndLook(wire: Wire, owner: Actor, url: string): Promise<boolean> {
  const exchange = await wire.ask(owner, { method: "DELETE", url });
  const isAccepted = dispositionOf(exchange) === "served" || [404, 410].includes(exchange.response.status);
  if (!isAccepted) return false;
  const after = await wire.get(owner, url);
  return dispositionOf(after) !== "served" || isMarkedDeleted(after);
}
