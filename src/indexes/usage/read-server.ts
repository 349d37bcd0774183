import { QueryError, type Snapshot } from "../../adapters/postgres/snapshot.js";
import { readSql } from "../../adapters/sql-file.js";
import type { ServerReading } from "./readings.js";

interface StatisticsRow {
  database: string;
  is_standby: boolean;
  node: string;
  started_at: Date;
  counted_since: Date | null;
  read_at: Date;
  counts: boolean;
  tracks_commits: boolean;
  standbys: number;
}

interface CounterRow {
  id: string;
  schema: string;
  name: string;
  scans: number;
  tuples_read: number;
  tuples_fetched: number;
  last_scan: Date | null;
}

/** One server's counters, with what a reader has to know to trust them. */
export interface CountedServer {
  readonly reading: ServerReading;
  readonly lastScans: ReadonlyMap<string, Date>;
  /** `track_counts` is on. */
  readonly counts: boolean;
  readonly tracksCommits: boolean;
  /** Servers that stream from it. */
  readonly standbys: number;
  /** It became the primary at a time that it does not tell. */
  readonly hidesPromotion: boolean;
}

/**
 * Reads the counters of one server.
 *
 * @param fallbackNode its name where it was reached by a socket
 */
export async function readServer(
  snapshot: Snapshot,
  schemas: readonly string[],
  fallbackNode: string,
): Promise<CountedServer> {
  const [[row], system, counters] = await Promise.all([
    snapshot.query<StatisticsRow & Record<string, unknown>>(readSql("indexes/statistics")),
    maybe(snapshot.query<{ system: string; timeline: number }>(readSql("indexes/system"))),
    snapshot.query<CounterRow & Record<string, unknown>>(readSql("indexes/counters"), [schemas]),
  ]);
  const statistics = row!;
  const wasPromoted = !statistics.is_standby && (system?.[0]?.timeline ?? 1) > 1;
  const promotion = wasPromoted
    ? await maybe(snapshot.query<{ at: Date | null }>(readSql("indexes/promotion")))
    : undefined;
  const promotedAt = promotion?.[0]?.at?.getTime();
  const since = statistics.counted_since?.getTime() ?? statistics.started_at.getTime();
  return {
    reading: {
      version: 1,
      at: statistics.read_at.getTime(),
      system: system?.[0]?.system ?? null,
      node: statistics.node.startsWith("socket:") ? fallbackNode : statistics.node,
      database: statistics.database,
      isStandby: statistics.is_standby,
      countedSince: statistics.counted_since?.getTime() ?? null,
      from: !wasPromoted ? since : promotedAt === undefined ? null : Math.max(since, promotedAt),
      indexes: Object.fromEntries(
        counters.map(({ id, schema, name, scans, tuples_read, tuples_fetched }) => [
          id,
          [`${schema}.${name}`, scans, tuples_read, tuples_fetched] as const,
        ]),
      ),
    },
    lastScans: new Map(
      counters.flatMap(({ id, last_scan }) => (last_scan ? [[id, last_scan] as const] : [])),
    ),
    counts: statistics.counts,
    tracksCommits: statistics.tracks_commits,
    standbys: statistics.standbys,
    hidesPromotion: wasPromoted && promotedAt === undefined,
  };
}

/** What a role or a provider may refuse, and the rest does without. */
export async function maybe<Value>(question: Promise<Value>): Promise<Value | undefined> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}
