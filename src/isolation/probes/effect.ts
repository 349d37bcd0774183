import type { Actor } from "../actor.js";
import { firstChange } from "../changes.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import type { Planted } from "../planting/planted.js";
import type { Planter } from "../planting/planter.js";
import { isGone } from "./settled.js";

/** What an owner's own request did to its own object. */
export interface Effect {
  readonly answer: Exchange;
  /** The owner reads another object than before. */
  readonly isSeen: boolean;
  /** The same, looked for some time: what is done later shows later. */
  readonly isSeenLater: () => Promise<boolean>;
}

/**
 * Sends a request of the owner's own, and looks what became of its object: one that does nothing to it proves
 * nothing where it does nothing to another's either. How late an effect was is learned by the reader.
 */
export async function effectOn(
  planter: Planter,
  planted: Planted,
  send: () => Promise<Exchange>,
): Promise<Effect> {
  const { reader } = planter;
  const before = await reader.readBack(planted);
  const steady = before && (await reader.look(planted));
  const answer = await send();
  const unseen = { answer, isSeen: false, isSeenLater: async () => false };
  if (dispositionOf(answer) !== "served" || !before || !steady || dispositionOf(before) !== "served")
    return unseen;
  const isDone = (after: Exchange | undefined) =>
    after !== undefined && (isGone(before, after) || firstChange(before, steady, after) !== undefined);
  if (isDone(await reader.look(planted))) return { ...unseen, isSeen: true };
  return { ...unseen, isSeenLater: async () => isDone(await reader.readUntil(planted, isDone)) };
}

/** Why an attempt that changed nothing says nothing. */
export function withoutEffect({ name }: Actor): string {
  return `it answers ${name} with 2xx and does nothing to its own object that it could see: nothing says that it would to another's`;
}
