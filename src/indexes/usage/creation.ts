import type { ServerReading } from "./readings.js";
import type { KnownIndex } from "./types.js";

/** A moment, as transactions ago and as time (milliseconds since 1970). */
export interface ClockPoint {
  readonly age: number;
  readonly at: number;
}

/**
 * The earliest moment at which an index is known to have been there, in milliseconds since 1970; undefined
 * where nothing says. PostgreSQL does not keep when an index was made, so three witnesses are asked: an
 * earlier reading that has it, the commit time of its own transaction, and a row whose change is timed and
 * younger than its creation. A later change to the index (REINDEX) makes it look younger, never older.
 */
export function knownSince(
  { id, creationAge }: Pick<KnownIndex, "id" | "creationAge">,
  readings: readonly ServerReading[],
  commitTimes: ReadonlyMap<string, number>,
  clock: readonly ClockPoint[],
): number | undefined {
  const seen = readings.find(({ indexes }) => id in indexes)?.at;
  // Among the rows that were changed after it, the one that was so the longest ago.
  const younger = clock
    .filter(({ age }) => age >= 0 && creationAge !== undefined && creationAge > age)
    .map(({ at }) => at);
  const moments = [seen, commitTimes.get(id), ...younger].filter((at) => at !== undefined);
  return moments.length ? Math.min(...moments) : undefined;
}
