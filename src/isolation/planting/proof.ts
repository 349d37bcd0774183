import type { Exchange } from "../exchange.js";
import type { Json } from "../json.js";
import { holdsCanary } from "./planted.js";

/** Shorter texts stand in another object by chance. */
const shortestProof = 6;

/** Texts of a body that only its object can hold. */
export function sentIn(
  body: Json,
  canary: string,
  changes: Readonly<Record<string, unknown>> = {},
): string[] {
  const texts = Object.values(changes).filter((each) => typeof each === "string");
  const telling = texts.filter((each) => each.length >= shortestProof);
  return JSON.stringify(body).includes(canary) ? [canary, ...telling] : telling;
}

export function holdsAny(exchange: Exchange | undefined, texts: readonly string[]): boolean {
  return texts.some((text) => holdsCanary(exchange, text));
}

/** An answer that says itself that something came to be. */
export function isNew({ response: { status } }: Exchange): boolean {
  return status === 201 || status === 202;
}
