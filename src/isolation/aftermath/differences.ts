import { holdsAnyCanary } from "../canary.js";
import { isTime } from "../changes.js";
import type { Json } from "../json.js";
import { leavesOf } from "../leaves.js";

/** A row of a tenant's own list that is not as it was before the run, or was not there. */
export interface Difference {
  /** `left behind` is what holds a value that only a run makes up, or an id of what it created; what is `new` may be anybody's. */
  readonly what: "changed" | "gone" | "left behind" | "new";
  readonly id: string;
  /** Places in it that hold something else; none of a row that is gone or new. */
  readonly fields: readonly string[];
  /** It holds such a value: nobody else did it. */
  readonly isOurs: boolean;
}

/** What the run created, and knows of. */
export interface Made {
  /** Whether a row of this list is one of it. */
  readonly isRow: (id: string) => boolean;
  /** Whether a value is the id of one of it, whatever list that stands in: a contract points at its quotation. */
  readonly isIdOf: (value: string) => boolean;
}

type Rows = ReadonlyMap<string, Json>;

/**
 * What differs between a list before a run and after it. Pure. Two readings afterwards have to agree: what changes
 * by itself, such as a counter of views, differs between them. Time stamps and the order of things are left out.
 *
 * @param isWhole all pages were read both times: else a row may only have moved to one that was not
 */
export function differencesBetween(
  before: Rows,
  after: Rows,
  again: Rows,
  isWhole: boolean,
  made: Made,
): Difference[] {
  const tellsOfRun = (value: string) => holdsAnyCanary(value) || value.split("\n").some(made.isIdOf);
  const old = [...before].flatMap(([id, row]): Difference[] => {
    const [now, then] = [after.get(id), again.get(id)];
    if (!now || !then)
      return now || then || !isWhole ? [] : [{ what: "gone", id, fields: [], isOurs: false }];
    const fields = changedFields(row, now, then);
    const isOurs = fields.some((field) => tellsOfRun(valuesOf(now).get(field) ?? ""));
    return fields.length === 0 ? [] : [{ what: "changed", id, fields, isOurs }];
  });
  const added = [...again].flatMap(([id, row]): Difference[] => {
    if (before.has(id) || !after.has(id) || made.isRow(id)) return [];
    const isOurs = leavesOf(row).some(({ value }) => tellsOfRun(value));
    if (!isOurs && !isWhole) return [];
    return [{ what: isOurs ? "left behind" : "new", id, fields: [], isOurs }];
  });
  return [...old, ...added];
}

function changedFields(before: Json, after: Json, again: Json): string[] {
  const [old, now, then] = [valuesOf(before), valuesOf(after), valuesOf(again)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((path) => {
    const [was, is] = [old.get(path), now.get(path)];
    return was !== is && is === then.get(path) && !(isTime(was) && isTime(is));
  });
}

/** What stands at each place, whatever the order of a list's items. */
function valuesOf(row: Json): Map<string, string> {
  const values = new Map<string, string[]>();
  for (const { path, value } of leavesOf(row)) {
    const place = path.replace(/\[\d+\]/g, "[]");
    values.set(place, [...(values.get(place) ?? []), value]);
  }
  return new Map([...values].map(([place, each]) => [place, each.sort().join("\n")]));
}
