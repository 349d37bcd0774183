import { createHash } from "node:crypto";

/** What has to be known of a host to choose it. */
export interface Choosable {
  readonly name: string;
  readonly zone: string | undefined;
}

/**
 * The hosts that a release is tried on first: so many percent, rounded up, at least one, and never all of several.
 * The same release gets the same hosts each time, whatever the inventory's order; another release others, so that it
 * is not always the same customers who are first. Zones take turns, the largest first.
 *
 * @param percent of the hosts, over 0 and under 100
 * @param seed what makes the choice another one: the release's digest
 */
export function chooseCanary<Host extends Choosable>(
  hosts: readonly Host[],
  percent: number,
  seed: string,
): Host[] {
  const most = Math.max(1, hosts.length - 1);
  const number = Math.min(most, Math.max(1, Math.ceil((hosts.length * percent) / 100)));
  return inTurns(hosts, seed).slice(0, number);
}

/**
 * The rest of a fleet in waves, each of them spread over the zones; the first ones are the smallest, since most that
 * goes wrong does at once.
 *
 * @param hosts those that are not canaries
 * @param largest hosts in one wave at most
 */
export function planWaves<Host extends Choosable>(
  hosts: readonly Host[],
  largest: number,
  seed: string,
): Host[][] {
  const ordered = inTurns(hosts, seed);
  const waves: Host[][] = [];
  for (let size = 1, at = 0; at < ordered.length; at += waves.at(-1)!.length, size *= 2)
    waves.push(ordered.slice(at, at + Math.min(size, Math.max(1, largest))));
  return waves;
}

/** All hosts: of each zone one, then of each the next; within a zone by hash. */
function inTurns<Host extends Choosable>(hosts: readonly Host[], seed: string): Host[] {
  const ranked = [...hosts]
    .map((host) => ({ host, rank: hash(`${seed}\0${host.name}`) }))
    .sort((a, b) => compare(a.rank, b.rank));
  const zones = new Map<string, Host[]>();
  for (const { host } of ranked) {
    const zone = host.zone ?? "";
    zones.set(zone, [...(zones.get(zone) ?? []), host]);
  }
  // Equally large zones keep the order of their first host's hash.
  const queues = [...zones.values()].sort((a, b) => b.length - a.length);
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) =>
    queues.flatMap((queue) => queue.slice(turn, turn + 1)),
  ).flat();
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
