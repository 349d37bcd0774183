import type { RuleId } from "../findings/rules.js";
import type { Exchange } from "./exchange.js";
import { isObject } from "./json.js";
import type { Sighting } from "./marks.js";
import { idOf } from "./rows.js";

/**
 * Another rule than that of a list: what was seen stands in objects below the rows, and in no row itself. The
 * rows may be one's own, or everybody's.
 */
export function nestedRule(
  { parsed: { json } }: Exchange,
  seen: readonly Sighting[],
): { readonly rule?: RuleId } {
  return seen.every(({ path }) => isBelowRow(json, path)) ? { rule: "isolation/nested-include" } : {};
}

/** Whether a value stands in an object with an id that itself stands in an object with an id. */
function isBelowRow(json: unknown, path: string): boolean {
  let at = json;
  let objects = 0;
  for (const key of path.split(/[.[\]]+/).filter((each) => each !== "")) {
    if (isObject(at) && idOf(at) !== undefined) objects += 1;
    at = Array.isArray(at) ? at[Number(key)] : isObject(at) ? at[key] : undefined;
  }
  return objects > 1;
}
