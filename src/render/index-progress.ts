import type { WaitFact } from "../findings/index-work.js";
import { duration, grouped, size, visible } from "./words.js";

/** What is known of a build while it runs. */
export interface LiveBuild {
  readonly phase: string;
  readonly fraction?: number | undefined;
  readonly bytesPerSecond?: number | undefined;
  readonly rowsPerSecond?: number | undefined;
  readonly secondsLeft?: number | undefined;
  readonly bytes: number;
  readonly blockers: readonly WaitFact[];
}

const mostBlockers = 3;
const queryWidth = 60;

/** `assets_tenantId_idx: building index: loading tuples  43 %, 120,000 rows/s, 3 min left`, then who blocks. */
export function liveLines(index: string, build: LiveBuild, withSamples: boolean): string[] {
  const parts = [
    ...(build.fraction === undefined ? [] : [`${Math.floor(build.fraction * 100)} %`]),
    ...(build.bytesPerSecond === undefined ? [] : [`${size(build.bytesPerSecond)}/s`]),
    ...(build.rowsPerSecond === undefined ? [] : [`${grouped(Math.round(build.rowsPerSecond))} rows/s`]),
    ...(build.secondsLeft === undefined ? [] : [`${duration(build.secondsLeft * 1000)} left`]),
    ...(build.bytes > 0 ? [size(build.bytes)] : []),
  ];
  const blockers = build.blockers
    .slice(0, mostBlockers)
    .map((each) => `  waits for ${blockerText(each, withSamples)}`);
  return [`${visible(index)}: ${build.phase}${parts.length ? `  ${parts.join(", ")}` : ""}`, ...blockers];
}

/** `pid 4711 (api, role app, idle in transaction, 12 min 3 s): UPDATE assets SET …` */
export function blockerText(blocker: WaitFact, withSamples: boolean): string {
  const { kind, pid, application, role, state, seconds, query } = blocker;
  const who = {
    lock: `process ${pid}`,
    snapshot: `the snapshot of process ${pid}`,
    vacuum: `autovacuum (process ${pid})`,
    prepared: "a prepared transaction",
    standby: "the feedback of a standby",
    slot: "a replication slot",
  }[kind];
  const about = [
    ...(application ? [application] : []),
    ...(role ? [`role ${role}`] : []),
    ...(state ? [state] : []),
    ...(seconds === null || seconds === undefined ? [] : [duration(Math.max(0, seconds) * 1000)]),
  ];
  const ran =
    withSamples && query ? `: ${query.length > queryWidth ? `${query.slice(0, queryWidth)}…` : query}` : "";
  return visible(`${who ?? kind} (${about.join(", ")})${ran}`);
}
