import { HttpClient, type HttpOptions } from "../adapters/http/client.js";
import type { CheckOutcome } from "../findings/check.js";
import { type Actor, type Binding, tenantPlaceholder } from "./actor.js";
import { openScene } from "./open-scene.js";
import { tryProbe } from "./probe.js";
import { readingProbes } from "./reading-probes.js";
import { type IsolationProgress, outcomeOf, type Run, requireTwo, stopped } from "./run.js";
import { Wire } from "./wire.js";

export interface UrlCheck {
  /** Absolute: a route that lists what a tenant has. */
  readonly url: string;
  readonly attacker: Actor;
  readonly victim: Actor;
  readonly binding: Binding;
  readonly http: HttpOptions;
}

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
  const client = new HttpClient(options.http);
  const wire = new Wire(client, binding);
  const run: Run = { cells: [], facts: {}, obstacle: undefined };
  try {
    const scene = await openScene(wire, { method: "GET", url: placed(options) }, attacker, victim);
    run.facts = { marks: scene.marks.length, objects: scene.foreignIds.length };
    for (const [done, probe] of readingProbes.entries()) {
      progress({ title: `${scene.route}: ${probe.label}`, done, total: readingProbes.length });
      run.cells.push(await tryProbe(probe, scene, wire));
    }
  } catch (error) {
    run.obstacle = stopped(error);
  } finally {
    await client.close();
  }
  return outcomeOf(run, wire, [attacker, victim], performance.now() - start, {
    api: options.url,
    requests: client.sent,
  });
}

/** The URL with the attacker's tenant in it left open, so that each asks for its own. */
function placed({ url, attacker: { tenantId } }: UrlCheck): string {
  const id = encodeURIComponent(tenantId);
  if (id.length < 3) return url;
  const parts = url.split(/(?<=[/?&=.:])|(?=[/?&=.:#])/);
  return parts.map((part) => (part === id ? tenantPlaceholder : part)).join("");
}
