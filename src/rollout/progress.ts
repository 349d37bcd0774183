import type { PhaseProgress, RolloutState } from "./replay.js";
import type { Entry, Phase } from "./types.js";

/** One rollout from its entries, in order. */
export function progressOf(entries: readonly Entry[]): RolloutState {
  const first = entries[0]!;
  const end = entries.findLast(({ kind, phase }) => kind === "end" && phase === undefined);
  const phases = phasesOf(entries);
  const release = entries.find((entry) => entry.kind === "begin" && entry.release)?.release;
  const current = phases.findLast(({ endedAt }) => endedAt === undefined)?.phase;
  return {
    rollout: first.rollout,
    ...(release ? { release } : {}),
    actor: first.actor,
    startedAt: first.at,
    lastAt: entries.at(-1)!.at,
    ...(end ? { endedAt: end.at } : {}),
    ...(end?.result ? { result: end.result } : {}),
    phases,
    ...(current && !end ? { phase: current } : {}),
    open: openIntents(entries),
  };
}

/** Intents that no outcome names. */
function openIntents(entries: readonly Entry[]): Entry[] {
  const answered = new Set(entries.flatMap(({ kind, intent }) => (kind === "outcome" ? [intent] : [])));
  return entries.filter(({ kind, sequence }) => kind === "intent" && !answered.has(sequence));
}

/** A phase that is begun again (resumed, or rolled out a second time) stands anew. */
function phasesOf(entries: readonly Entry[]): PhaseProgress[] {
  const begins = entries.filter(({ kind, phase }) => kind === "begin" && phase !== undefined);
  const latest = new Map<Phase, Entry>(begins.map((begin) => [begin.phase!, begin]));
  return begins
    .filter((begin) => latest.get(begin.phase!) === begin)
    .map((begin) =>
      phaseFrom(
        begin,
        entries.filter(({ phase, sequence }) => phase === begin.phase && sequence > begin.sequence),
      ),
    );
}

function phaseFrom(begin: Entry, later: readonly Entry[]): PhaseProgress {
  const end = later.find(({ kind }) => kind === "end");
  const planned = begin.hosts ?? [];
  const states = new Map(
    later.flatMap(({ kind, hosts = [], results = [] }) => [
      ...(kind === "intent" ? hosts.map((host) => [host, "unknown"] as const) : []),
      ...results.map(({ host, state }) => [host, state] as const),
    ]),
  );
  return {
    phase: begin.phase!,
    startedAt: begin.at,
    ...(end ? { endedAt: end.at } : {}),
    ...(end?.result ? { result: end.result } : {}),
    planned,
    converged: planned.filter((host) => states.get(host) === "converged"),
  };
}
