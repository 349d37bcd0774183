import { HttpClient, type HttpOptions } from "../adapters/http/client.js";
import { HttpFailure } from "../adapters/http/failure.js";
import type { CheckOutcome, Obstacle } from "../findings/check.js";
import { InconclusiveError, UsageError } from "../findings/errors.js";
import type { Actor, Binding } from "./actor.js";
import { Evidence } from "./evidence.js";
import { findingsOf } from "./findings.js";
import { openScene } from "./open-scene.js";
import { type Cell, type Probe, tryProbe } from "./probe.js";
import { contextBleed } from "./probes/context-bleed.js";
import { existenceOracle } from "./probes/existence-oracle.js";
import { list } from "./probes/list.js";
import { readById } from "./probes/read-by-id.js";
import { sharedCache } from "./probes/shared-cache.js";
import { tenantMissing } from "./probes/tenant-missing.js";
import { tenantOverride } from "./probes/tenant-override.js";
import { Wire } from "./wire.js";

export type { Actor, Binding } from "./actor.js";

/** The check, before it has run. */
export const isolationCheck = { id: "isolation", title: "Isolation of tenants over HTTP" } as const;

/** In the order in which they run: the loudest last. */
const readingProbes: readonly Probe[] = [
  list,
  readById,
  tenantOverride,
  tenantMissing,
  sharedCache,
  existenceOracle,
  contextBleed,
];

export interface UrlCheck {
  /** Absolute: a route that lists what a tenant has. */
  readonly url: string;
  readonly attacker: Actor;
  readonly victim: Actor;
  readonly binding: Binding;
  readonly http: HttpOptions;
}

export type IsolationProgress = (state: { title: string; done: number; total: number }) => void;

/**
 * Tries one route as one tenant for the data of another. It only reads, and changes nothing. A control that
 * fails makes it inconclusive, a server that does not answer an error.
 *
 * @throws UsageError where both tenants are one.
 */
export async function checkUrl(
  options: UrlCheck,
  progress: IsolationProgress = () => {},
): Promise<CheckOutcome> {
  const { attacker, victim, binding } = options;
  requireTwo(attacker, victim);
  const start = performance.now();
  const evidence = new Evidence([attacker, victim], binding);
  const client = new HttpClient(options.http);
  const wire = new Wire(client, binding);
  const run: Run = { cells: [], facts: {}, obstacle: undefined };
  try {
    const scene = await openScene(wire, { method: "GET", url: options.url }, attacker, victim);
    run.facts = { marks: scene.marks.length, objects: scene.foreignIds.length };
    for (const [done, probe] of readingProbes.entries()) {
      progress({ title: `${scene.route}: ${probe.label}`, done, total: readingProbes.length });
      run.cells.push(await tryProbe(probe, scene, wire));
    }
  } catch (error) {
    run.obstacle = obstacleOf(error);
  } finally {
    await client.close();
  }
  const unsure = run.cells.filter(({ outcome }) => outcome === "inconclusive");
  const obstacle = run.obstacle ?? (unsure.length ? asInconclusive(unsure) : undefined);
  return {
    ...isolationCheck,
    drafts: findingsOf(run.cells, wire.serverErrors, evidence),
    ...(obstacle ? { obstacle: { ...obstacle, reason: evidence.hide(obstacle.reason) } } : {}),
    durationMs: performance.now() - start,
    facts: {
      url: evidence.hide(options.url),
      tenants: [attacker.tenantId, victim.tenantId],
      requests: client.sent,
      ...run.facts,
      matrix: run.cells.map(({ route, rule, label, outcome, reason }) => ({
        route,
        rule,
        label,
        outcome,
        ...(reason === undefined ? {} : { reason: evidence.hide(reason) }),
      })),
    },
  };
}

/** What a run has found so far: a server that dies in its middle takes no finding with it. */
interface Run {
  readonly cells: Cell[];
  facts: Readonly<Record<string, unknown>>;
  obstacle: Obstacle | undefined;
}

/** Why a run ended early. A control that failed proves nothing either way; no answer at all is an error. */
function obstacleOf(error: unknown): Obstacle {
  if (error instanceof InconclusiveError)
    return { status: "inconclusive", reason: `${error.message}; ${error.hint}` };
  if (error instanceof HttpFailure) return { status: "error", reason: `${error.message}; ${error.hint}` };
  throw error;
}

function asInconclusive(cells: readonly Cell[]): Obstacle {
  return {
    status: "inconclusive",
    reason: cells.map(({ label, reason }) => `${label}: ${reason}`).join("; "),
  };
}

/** Two names of one tenant, or one token for both, would prove nothing. */
function requireTwo(attacker: Actor, victim: Actor): void {
  if (attacker.tenantId === victim.tenantId) {
    throw new UsageError(
      `tenants ${attacker.name} and ${victim.name} are the same: ${attacker.tenantId}`,
      `export TENANT_${victim.name.toUpperCase()} as the id of another tenant`,
    );
  }
  if (attacker.token !== undefined && attacker.token === victim.token) {
    throw new UsageError(
      `tenants ${attacker.name} and ${victim.name} have the same token`,
      `sign in as a user of each, and export TOKEN_${attacker.name.toUpperCase()} and TOKEN_${victim.name.toUpperCase()}`,
    );
  }
}
