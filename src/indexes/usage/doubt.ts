import { UsageError } from "../../findings/errors.js";
import type { CountedServer } from "./read-server.js";
import type { UsageOptions } from "./types.js";

/** @throws UsageError where a replica is none of this database. */
export function requireOneCluster(
  counted: readonly CountedServer[],
  servers: readonly { readonly shown: string }[],
): void {
  const [{ reading: first }, ...others] = counted as [CountedServer, ...CountedServer[]];
  for (const [at, { reading }] of others.entries()) {
    const shown = servers[at + 1]!.shown;
    const isOther =
      (reading.system !== null && first.system !== null && reading.system !== first.system) ||
      reading.database !== first.database;
    if (isOther)
      throw new UsageError(
        `--replica: ${shown} is no replica of ${servers[0]!.shown}: its cluster or its database is another`,
        "give the physical replicas of this database; a logical one has indexes of its own: --url",
      );
    const isTwice = counted.some(
      (other, index) =>
        index <= at && other.reading.node === reading.node && other.reading.isStandby === reading.isStandby,
    );
    if (isTwice)
      throw new UsageError(
        `--replica: ${shown} is a server that was given already (${reading.node})`,
        "give each server once, by an address of its own and not that of a load balancer",
      );
  }
}

/** What the counters leave open, whatever their age; undefined where they tell all there is. */
export function doubtOf(counted: readonly CountedServer[], options: UsageOptions): string | undefined {
  if (counted.some(({ counts }) => !counts)) return "the server counts nothing: track_counts is off";
  if (options.ignoresStandbys) return undefined;
  const primary = counted.find(({ reading }) => !reading.isStandby);
  if (!primary)
    return "only standbys were read, and their counters know nothing of the primary's queries: give the primary as --url, this one as --replica";
  const given = counted.filter(({ reading }) => reading.isStandby).length;
  const lacking = primary.standbys - given;
  if (lacking <= 0) return undefined;
  const [are, their] = lacking === 1 ? ["server streams", "its"] : ["servers stream", "their"];
  return `${lacking} more ${are} from the primary, and ${their} scans are not in these counters: add each with --replica env:NAME, or say with --ignore-standbys that no query goes there`;
}
