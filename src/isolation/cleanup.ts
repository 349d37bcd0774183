import { HttpClient, type HttpOptions } from "../adapters/http/client.js";
import type { CheckOutcome } from "../findings/check.js";
import type { Actor, Binding } from "./actor.js";
import { holdsAnyCanary } from "./canary.js";
import { deleteAndLook } from "./planting/delete-and-look.js";
import { Journal, type Leftovers, readLeftovers } from "./planting/journal.js";
import { Wire } from "./wire.js";

export interface Cleanup {
  /** Absolute. */
  readonly stateFolder: string;
  readonly actors: readonly Actor[];
  readonly binding: Binding;
  readonly http: HttpOptions;
  /** Says what would be deleted, and deletes nothing. */
  readonly isDryRun: boolean;
}

/** The check, before it has run. */
export const cleanupCheck = { id: "cleanup", title: "Objects that killed runs left" } as const;

/** What a cleanup did, or would do: URLs. */
export interface CleanupFacts {
  readonly deleted: readonly string[];
  /** Can be deleted, and is not. */
  readonly left: readonly string[];
  /** The API has no way to delete it. */
  readonly forGood: readonly string[];
  /** Where something may have been created. */
  readonly unsure: readonly string[];
  readonly isDryRun?: true;
}

/**
 * Deletes what runs have left, as the tenants that it belongs to. What is not deleted stays in its journal, so
 * that the next call tries again; what can't be is told, and forgotten with the rest.
 */
export async function cleanUpLeftovers(options: Cleanup): Promise<CheckOutcome> {
  const start = performance.now();
  const client = new HttpClient(options.http);
  const wire = new Wire(client, options.binding);
  const deleted: string[] = [];
  const left: string[] = [];
  const unsure: string[] = [];
  const forGood: string[] = [];
  try {
    for (const journal of readLeftovers(options.stateFolder)) {
      unsure.push(...journal.unsure.map(({ url }) => url));
      forGood.push(...journal.forGood.map(({ url }) => url));
      const still = await clean(journal, options, wire, deleted);
      left.push(...still);
      if (still.length === 0 && journal.unsure.length === 0 && !options.isDryRun)
        Journal.discard(journal.path);
    }
  } finally {
    await client.close();
  }
  const reasons = [
    ...(left.length ? [`${left.length} objects are still there: ${left.slice(0, 3).join(", ")}`] : []),
    ...(unsure.length
      ? [
          `of ${unsure.length} creations it is not known if they came to be: POST ${unsure.slice(0, 3).join(", ")}`,
        ]
      : []),
  ];
  const facts: CleanupFacts = {
    ...{ deleted, left, forGood, unsure },
    ...(options.isDryRun ? { isDryRun: true } : {}),
  };
  return {
    ...cleanupCheck,
    drafts: [],
    ...(reasons.length && !options.isDryRun
      ? { obstacle: { status: "error" as const, reason: reasons.join("; ") } }
      : {}),
    durationMs: performance.now() - start,
    facts: { ...facts },
  };
}

/** Returns what is still there. */
async function clean(
  { path, created }: Leftovers,
  { actors, isDryRun }: Cleanup,
  wire: Wire,
  deleted: string[],
): Promise<string[]> {
  const left: string[] = [];
  for (const entry of created) {
    const actor = actors.find(({ tenantId }) => tenantId === entry.tenantId);
    const isGone = !isDryRun && actor !== undefined && (await deleteOurs(wire, actor, entry.url));
    if (!isGone) left.push(entry.url);
    else {
      deleted.push(entry.url);
      Journal.append(path, { ...entry, event: "deleted" });
    }
  }
  return left;
}

/** Ids come to be used again: only what shows a canary is an object of ours. What is not there is gone. */
async function deleteOurs(wire: Wire, actor: Actor, url: string): Promise<boolean> {
  const there = await wire.get(actor, url);
  if ([404, 410].includes(there.response.status)) return true;
  return holdsAnyCanary(there.response.body) && deleteAndLook(wire, actor, url);
}
