import { statfsSync, statSync } from "node:fs";
import type { Session } from "../adapters/postgres/connect.js";
import { readSql } from "../adapters/sql-file.js";
import { UnavailableError } from "../findings/errors.js";
import { size } from "../findings/numbers.js";
import type { ServerFacts } from "./server.js";
import { StopError } from "./stop.js";

/** Bounds of a run; a build that goes beyond one is cancelled and cleaned up after. Sizes in bytes. */
export interface Limits {
  /** Write-ahead log that the whole server writes from the run's beginning. */
  readonly maxWal?: number | undefined;
  /** Space that stays free where the server keeps its data. */
  readonly minFreeDisk?: number | undefined;
  /** Free space there now, where it can't be read: what builds take is counted off. */
  readonly freeDisk?: number | undefined;
  readonly maxLag?: Lag | undefined;
}

/** How far a replica may be behind. */
export type Lag = { readonly bytes: number } | { readonly seconds: number };

/** One look at what limits are about. */
export interface Reading {
  /** Seconds of any clock that only goes forward. */
  readonly time: number;
  /** Position of the log. */
  readonly wal: number;
  readonly replicas: readonly ReplicaReading[];
  /** Free bytes, where they are known. */
  readonly freeDisk?: number | undefined;
}

export interface ReplicaReading {
  readonly name: string | null;
  /** Null to a role that may not see it. */
  readonly replayed: number | null;
  readonly seconds: number | null;
}

interface ReplicasRow {
  wal_bytes: number;
  replicas: ReplicaReading[] | null;
}

/** Why a run has to stop, from its readings so far, the oldest first; undefined where all is within bounds. */
export function brokenLimit(limits: Limits, readings: readonly Reading[]): StopError | undefined {
  const [first] = readings;
  const last = readings.at(-1);
  if (!first || !last) return undefined;
  const written = last.wal - first.wal;
  if (limits.maxWal !== undefined && written > limits.maxWal)
    return new StopError(
      "wal",
      `the server wrote ${size(written)} of write-ahead log since the start, more than --max-wal ${size(limits.maxWal)}`,
      "build one by one (--jobs 1), at a quieter time, or with a higher --max-wal",
    );
  if (limits.minFreeDisk !== undefined && last.freeDisk !== undefined && last.freeDisk < limits.minFreeDisk)
    return new StopError(
      "disk",
      `${size(Math.max(0, last.freeDisk))} are free on the server's disk, less than --min-free-disk ${size(limits.minFreeDisk)}`,
      "free space or enlarge the disk, then: tenantctl index resume",
    );
  return limits.maxLag === undefined ? undefined : brokenLag(limits.maxLag, last, readings);
}

function brokenLag(limit: Lag, last: Reading, readings: readonly Reading[]): StopError | undefined {
  for (const replica of last.replicas) {
    const name = replica.name ?? "a replica";
    const hint = "wait until it has caught up, then: tenantctl index resume; or raise --max-lag";
    if ("bytes" in limit) {
      const behind = last.wal - (replica.replayed ?? last.wal);
      if (behind > limit.bytes)
        return new StopError(
          "lag",
          `${name} is ${size(behind)} behind, more than --max-lag ${size(limit.bytes)}`,
          hint,
        );
    } else {
      const behind = secondsBehind(replica, readings);
      if (behind > limit.seconds)
        return new StopError(
          "lag",
          `${name} is ${Math.round(behind)} s behind, more than --max-lag ${limit.seconds}s`,
          hint,
        );
    }
  }
  return undefined;
}

/**
 * The server's own `replay_lag` stands still when the replica does, so the time since the log was first seen
 * beyond what the replica has replayed counts too.
 */
export function secondsBehind(replica: ReplicaReading, readings: readonly Reading[]): number {
  const { replayed } = replica;
  const now = readings.at(-1)?.time ?? 0;
  const beyond = replayed === null ? undefined : readings.find(({ wal }) => wal > replayed);
  return Math.max(replica.seconds ?? 0, beyond ? now - beyond.time : 0);
}

/** Reads the log's position and the replicas. */
export async function readReplicas(session: Session): Promise<Pick<Reading, "wal" | "replicas">> {
  const [row] = await session.query<ReplicasRow>(readSql("indexes/replicas"));
  return { wal: row!.wal_bytes, replicas: row!.replicas ?? [] };
}

/**
 * A way to read the free space of the server's disk, which SQL can't: from the file system, where the server runs
 * on this machine and its own view of the data folder agrees with ours.
 *
 * @returns undefined where it can't be known
 */
export async function diskReader(
  session: Session,
  { dataDirectory, mayReadFiles }: ServerFacts,
  isLocal: boolean,
): Promise<(() => number) | undefined> {
  if (!isLocal || dataDirectory === null || !mayReadFiles) return undefined;
  try {
    if (!(await isSameFolder(session, dataDirectory))) return undefined;
    const free = () => {
      const { bavail, bsize } = statfsSync(dataDirectory);
      return bavail * bsize;
    };
    free();
    return free;
  } catch {
    return undefined;
  }
}

/** A container's server may name a folder that another server has here. */
async function isSameFolder(session: Session, folder: string): Promise<boolean> {
  const [row] = await session.query<{ changed: number }>(
    "select extract(epoch from (pg_catalog.pg_stat_file('.')).modification)::float8 as changed",
  );
  return Math.abs(statSync(folder).mtimeMs / 1000 - row!.changed) < 1.5;
}

/**
 * Refuses a limit that could not be watched.
 *
 * @throws UnavailableError with what would make it possible.
 */
export function requireWatchable(
  limits: Limits,
  facts: ServerFacts,
  hasReplicas: boolean,
  isDiskKnown: boolean,
): void {
  if (limits.minFreeDisk !== undefined && !isDiskKnown && limits.freeDisk === undefined)
    throw new UnavailableError(
      "--min-free-disk: the free space of this server's disk can't be read (it is another machine's, or the role is no superuser)",
      "say what is free now, as df shows it there: --free-disk 40GB; or leave --min-free-disk out",
    );
  if (limits.maxLag !== undefined && hasReplicas && !facts.mayMonitor)
    throw new UnavailableError(
      `--max-lag: the role ${facts.role} may not see how far replicas are behind`,
      `GRANT pg_monitor TO "${facts.role}"; or leave --max-lag out`,
    );
}
