import { headerOf } from "../../adapters/http/message.js";
import type { Exchange } from "../exchange.js";
import { leavesOf } from "../leaves.js";
import { idOf, objectOf, objectWith } from "../rows.js";

export interface CreatedId {
  readonly id: string;
  /** It stands in an object with what was sent, or where HTTP says; else it may be another object's. */
  readonly isCertain: boolean;
}

/**
 * The id of what was created: in the object of the answer that holds what was sent, at the end of `Location`, or
 * in an envelope.
 *
 * @param sent texts that only the new object can hold
 */
export function createdId(
  { parsed: { json }, response }: Exchange,
  sent: readonly string[],
): CreatedId | undefined {
  const own = sent.map((text) => objectWith(json, text.toLowerCase())).find((each) => each !== undefined);
  if (own) return { id: idOf(own)!, isCertain: true };
  const location = headerOf(response, "location").replace(/\/$/, "");
  const named = location === "" ? undefined : decoded(location.split("/").at(-1)!);
  const object = objectOf(json);
  const id = object && idOf(object);
  if (id === undefined) return named === undefined ? undefined : { id: named, isCertain: true };
  // One object alone with an id is no other's.
  const isOnly = leavesOf(json).filter(({ path }) => /(^|[._])(id|_id|uuid)$/i.test(path)).length === 1;
  return { id, isCertain: id === named || isOnly };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
