import { createIndexes } from "./create.js";
import type { IndexDefinition } from "./definition.js";
import { dropIndexes } from "./drop.js";
import type { DropTarget } from "./drop-target.js";
import { isOpen, type Recorded } from "./journal.js";
import type { IndexResult } from "./result.js";
import type { Site } from "./run.js";

/** What journals have begun and not ended. */
export interface OpenWork {
  readonly builds: readonly IndexDefinition[];
  readonly drops: readonly DropTarget[];
}

/** What is open in the journals of a database; of one name the newest counts. */
export function openWork(earlier: readonly Recorded[]): OpenWork {
  const newest = new Map<string, Recorded>();
  for (const record of earlier.filter(isOpen))
    newest.set(JSON.stringify([record.schema, record.name]), record);
  const open = [...newest.values()];
  const isPart = (record: Recorded) =>
    !record.isWanted && open.some((other) => other.isWanted && other.journal.path === record.journal.path);
  const builds = open.filter((record) => record.state !== "dropping" && !isPart(record));
  return {
    builds: builds.flatMap(({ definition }) => (definition ? [definition] : [])),
    drops: open.filter(({ state }) => state === "dropping").map(({ schema, name }) => ({ schema, name })),
  };
}

/**
 * Goes on with what a killed or stopped run left: waits for builds that the server goes on with, drops what is
 * half done, builds what is missing, ends drops.
 */
export async function resumeWork(
  site: Site,
): Promise<{ readonly results: IndexResult[]; readonly journals: string[] }> {
  const { builds, drops } = openWork(site.earlier);
  const dropped = drops.length ? await dropIndexes(site, drops, "index resume") : undefined;
  const built = builds.length ? await createIndexes(site, builds, "index resume") : undefined;
  return {
    results: [...(dropped?.results ?? []), ...(built?.results ?? [])],
    journals: [dropped, built].flatMap((each) => (each ? [each.journal] : [])),
  };
}
