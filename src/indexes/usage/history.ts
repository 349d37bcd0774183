import type { ServerReading } from "./readings.js";

export interface Counts {
  readonly scans: number;
  readonly tuplesRead: number;
  readonly tuplesFetched: number;
}

/** A stretch of time, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * What each index did over all readings of all servers, by its id. The counters of one server grow until they
 * are reset, so each stretch of growth counts with its highest value: a reset, a crash or a failover in
 * between takes nothing away. A reading that was kept twice counts once.
 */
export function totalCounts(readings: readonly ServerReading[]): Map<string, Counts> {
  const totals = new Map<string, Counts>();
  for (const count of countsOf(readings)) {
    const last = new Map<string, Counts>();
    for (const { indexes } of count) {
      for (const [id, [, scans, tuplesRead, tuplesFetched]] of Object.entries(indexes)) {
        const before = last.get(id);
        const now = { scans, tuplesRead, tuplesFetched };
        // Fewer than before: this index alone was reset, and what it had counted is over.
        if (before && scans < before.scans) add(totals, id, before);
        last.set(id, now);
      }
    }
    for (const [id, counts] of last) add(totals, id, counts);
  }
  return totals;
}

/**
 * The stretches of time that the counters of one server cover, in its present role, oldest first, none
 * touching another. What was counted between the last reading and a reset is lost, and so is that time.
 */
export function coveredSpans(readings: readonly ServerReading[], present: ServerReading): Span[] {
  const same = readings.filter(
    ({ system, node, isStandby }) =>
      system === present.system && node === present.node && isStandby === present.isStandby,
  );
  const spans = countsOf([...same, present]).map((count): Span => {
    const [first] = count;
    const last = count.at(-1)!;
    const starts = count.flatMap(({ from }) => from ?? []);
    return { from: Math.min(first!.at, ...starts), to: last.at };
  });
  return merged(spans);
}

/** Milliseconds that spans cover after a moment. */
export function timeWithin(spans: readonly Span[], after: number): number {
  return spans.reduce((sum, { from, to }) => sum + Math.max(0, to - Math.max(from, after)), 0);
}

/** The readings of one server and one count since a reset, each in order of time. */
function countsOf(readings: readonly ServerReading[]): ServerReading[][] {
  const counts = new Map<string, ServerReading[]>();
  for (const reading of [...readings].sort((left, right) => left.at - right.at)) {
    const key = JSON.stringify([reading.system, reading.node, reading.countedSince]);
    counts.set(key, [...(counts.get(key) ?? []), reading]);
  }
  return [...counts.values()];
}

function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((left, right) => left.from - right.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.to)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else result.push(span);
  }
  return result;
}

function add(totals: Map<string, Counts>, id: string, counts: Counts): void {
  const { scans = 0, tuplesRead = 0, tuplesFetched = 0 } = totals.get(id) ?? {};
  totals.set(id, {
    scans: scans + counts.scans,
    tuplesRead: tuplesRead + counts.tuplesRead,
    tuplesFetched: tuplesFetched + counts.tuplesFetched,
  });
}
