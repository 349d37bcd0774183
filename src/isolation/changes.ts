import type { Exchange } from "./exchange.js";
import type { Leaf } from "./leaves.js";

/** An object beside the one that is attacked, read at the same times: what changes in it changes by itself. */
export interface Twin {
  readonly before: Exchange | undefined;
  readonly after: Exchange | undefined;
}

/** A value that differs after an attempt, and did not differ by itself before, nor in a twin that nobody attacked. */
export function firstChange(
  before: Exchange,
  steady: Exchange,
  after: Exchange,
  twin?: Twin,
): Leaf | undefined {
  const known = valuesOf(before);
  const again = valuesOf(steady);
  const [twinBefore, twinAfter] = [twin?.before, twin?.after].map((each) => each && valuesOf(each));
  return after.parsed.leaves.find(({ path, value }) => {
    const old = known.get(path);
    if (again.get(path) !== old || old === value || (isTime(old) && isTime(value))) return false;
    return !twinBefore || !twinAfter || twinBefore.get(path) === twinAfter.get(path);
  });
}

function valuesOf({ parsed: { leaves } }: Exchange): Map<string, string> {
  return new Map(leaves.map(({ path, value }) => [path, value]));
}

/** A clock that went on is no change: seconds or milliseconds since 1970, or a date with its time. */
export function isTime(value: string | undefined): boolean {
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d|^1\d{9}(\d{3})?(\.\d+)?$/.test(value ?? "");
}
