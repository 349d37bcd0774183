import type { Snapshot } from "../../adapters/postgres/snapshot.js";
import { type Application, type Audited, readAudited, schemasOf } from "../../database/index.js";
import type { CheckOutcome } from "../../findings/check.js";
import type { IndexUsageFacts } from "../../findings/index-usage.js";
import { isAsked, refuseUnknownTables } from "./asked.js";
import { isHeld } from "./comparison.js";
import { familiesOf, type UsageContext } from "./context.js";
import { knownSince } from "./creation.js";
import { dayMs } from "./days.js";
import { doubtOf, requireOneCluster } from "./doubt.js";
import { ordered, usageFacts } from "./facts.js";
import { neededByKeys, neededByTenants } from "./foreign-keys.js";
import { coveredSpans, timeWithin, totalCounts } from "./history.js";
import { judgeUsage } from "./judge.js";
import { readAges } from "./read-ages.js";
import { readIndexes } from "./read-indexes.js";
import { type CountedServer, readServer } from "./read-server.js";
import { appendReadings, readingsPath, readReadings, type ServerReading } from "./readings.js";
import type { KnownIndex, Usage, UsageOptions } from "./types.js";

/** The check, before it has run. */
export const indexUsageCheck = { id: "index-usage", title: "Index usage" } as const;

/** A server whose counters are asked for. */
export interface ReadServer {
  readonly snapshot: Snapshot;
  /** `divanco on db.example.com:5432` */
  readonly shown: string;
}

/** Where earlier readings are, and whether this one is added to them. */
export interface Keeping {
  readonly stateFolder: string;
  readonly keeps: boolean;
}

/**
 * What every index does, by the counters of one server and of its replicas, and of earlier readings.
 *
 * @param servers the one that the catalogs are read from, then its replicas
 * @throws UsageError where servers of different clusters are given, or a table is named that is none;
 *   UnavailableError where the database has none of the schema's tables.
 */
export async function auditIndexUsage(
  [server, ...replicas]: readonly [ReadServer, ...ReadServer[]],
  application: Application,
  options: UsageOptions,
  { stateFolder, keeps }: Keeping,
): Promise<CheckOutcome> {
  const start = performance.now();
  const audited = await readAudited(server.snapshot, application);
  const schemas = [
    ...new Set([...schemasOf(application), ...audited.catalog.tables.map(({ schema }) => schema)]),
  ];
  const [{ indexes, unseen }, ...counted] = await Promise.all([
    readIndexes(server.snapshot, audited),
    ...[server, ...replicas].map(({ snapshot, shown }) => readServer(snapshot, schemas, shown)),
  ] as const);
  requireOneCluster(counted, [server, ...replicas]);
  const [{ reading: first, tracksCommits }] = counted as [CountedServer];
  const path = readingsPath(stateFolder, first.system ?? server.shown, first.database);
  const earlier = readReadings(path);
  const { commitTimes, clock } = await readAges(server.snapshot, audited, indexes, tracksCommits);
  const now = counted.map(({ reading }) => reading);
  const spans = now.map((reading) => coveredSpans(earlier, reading));
  const usages = usagesOf(indexes, counted, earlier, (index) => {
    const since = knownSince(index, earlier, commitTimes, clock);
    return since === undefined ? 0 : Math.min(...spans.map((each) => timeWithin(each, since)));
  });
  const context = contextOf(audited, indexes, usages, options);
  const asked = { ...context, indexes: context.indexes.filter((index) => isAsked(index, options, context)) };
  refuseUnknownTables(audited, options.tables);
  const judged = judgeUsage(context, counted.length, doubtOf(counted, options), asked.indexes);
  if (keeps) appendReadings(path, now);
  const all = ordered(
    asked.indexes.map((index) => usageFacts(index, context, judged.marks.get(index.id) ?? [])),
    options.order,
  );
  const facts: IndexUsageFacts = {
    takenAt: new Date(first.at).toISOString(),
    counted: now.map((reading, at) => ({
      node: reading.node,
      role: reading.isStandby ? "standby" : "primary",
      countedSince: reading.countedSince === null ? null : new Date(reading.countedSince).toISOString(),
      observedDays: Math.floor((timeWithin(spans[at]!, 0) / dayMs) * 10) / 10,
    })),
    earlierReadings: earlier.length,
    indexUsage: all.slice(0, options.limit ?? all.length),
    indexCount: all.length,
  };
  const { server: told } = audited.catalog;
  return {
    ...indexUsageCheck,
    drafts: judged.drafts,
    obstacle: unseen.length ? { status: "error", reason: unseen.join("; ") } : judged.obstacle,
    durationMs: performance.now() - start,
    facts: { database: told.database, server: told.version, role: told.role, ...facts },
  };
}

function usagesOf(
  indexes: readonly KnownIndex[],
  counted: readonly CountedServer[],
  earlier: readonly ServerReading[],
  observed: (index: KnownIndex) => number,
): Map<string, Usage> {
  const totals = totalCounts([...earlier, ...counted.map(({ reading }) => reading)]);
  return new Map(
    indexes.map((index) => {
      const scanned = counted.flatMap(({ lastScans }) => lastScans.get(index.id) ?? []);
      const { scans = 0, tuplesRead = 0, tuplesFetched = 0 } = totals.get(index.id) ?? {};
      const lastScan = scanned.length ? new Date(Math.max(...scanned.map((at) => at.getTime()))) : null;
      return [index.id, { scans, tuplesRead, tuplesFetched, lastScan, observed: observed(index) }];
    }),
  );
}

function contextOf(
  audited: Audited,
  all: readonly KnownIndex[],
  usages: ReadonlyMap<string, Usage>,
  options: UsageOptions,
): UsageContext {
  const family = familiesOf(all);
  const usage = (index: KnownIndex): Usage => {
    const own = usages.get(index.id)!;
    return family(index)
      .slice(1)
      .reduce((sum, part) => together(sum, usages.get(part.id)!), own);
  };
  const indexes = all.filter(({ parentId }) => parentId === null);
  const stays = (index: KnownIndex) =>
    isHeld(index) || index.catalog.isUnique || usage(index).scans > options.maxScans;
  return {
    ...{ audited, indexes, family, usage, options },
    needed: neededByKeys(indexes, stays),
    tenants: neededByTenants(indexes, stays),
  };
}

/** A partitioned index and one of its parts; the parts may be younger than the whole. */
function together(whole: Usage, part: Usage): Usage {
  const times = [whole.lastScan, part.lastScan].flatMap((at) => at?.getTime() ?? []);
  return {
    scans: whole.scans + part.scans,
    tuplesRead: whole.tuplesRead + part.tuplesRead,
    tuplesFetched: whole.tuplesFetched + part.tuplesFetched,
    lastScan: times.length ? new Date(Math.max(...times)) : null,
    observed: whole.observed,
  };
}
