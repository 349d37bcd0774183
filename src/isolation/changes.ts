import type { Exchange } from "./exchange.js";
import type { Leaf } from "./leaves.js";

/** A value that differs after an attempt, and did not differ by itself between two readings before. */
export function firstChange(before: Exchange, steady: Exchange, after: Exchange): Leaf | undefined {
  const known = valuesOf(before);
  const again = valuesOf(steady);
  return after.parsed.leaves.find(({ path, value }) => {
    const old = known.get(path);
    return again.get(path) === old && old !== value && !(isTime(old) && isTime(value));
  });
}

function valuesOf({ parsed: { leaves } }: Exchange): Map<string, string> {
  return new Map(leaves.map(({ path, value }) => [path, value]));
}

/** A clock that went on is no change: seconds or milliseconds since 1970, or a date with its time. */
function isTime(value: string | undefined): boolean {
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d|^1\d{9}(\d{3})?(\.\d+)?$/.test(value ?? "");
}
