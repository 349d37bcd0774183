import type { CheckOutcome } from "../findings/check.js";
import { tenantPlaceholder } from "./actor.js";
import { openScene } from "./open-scene.js";
import { tryProbe } from "./probe.js";
import { guessedParameters } from "./probes/tenant-override.js";
import { readingProbes } from "./reading-probes.js";
import { type CheckOptions, type IsolationProgress, runCheck } from "./run.js";

export interface UrlCheck extends CheckOptions {
  /** Absolute: a route that lists what a tenant has. */
  readonly url: string;
}

/**
 * Tries one route as one tenant for the data of another. It only reads, and changes nothing. A control that
 * fails makes it inconclusive, a server that does not answer an error.
 *
 * @throws UsageError where both tenants are one.
 */
export function checkUrl(options: UrlCheck, progress: IsolationProgress = () => {}): Promise<CheckOutcome> {
  return runCheck(options, async (run) => {
    run.facts = { api: options.url };
    const call = { method: "GET", url: placed(options) };
    const scene = await openScene(run.wire, call, options.attacker, options.victim);
    const guessed = guessedParameters(scene);
    run.facts = { ...run.facts, marks: scene.marks.length, objects: scene.foreignIds.length, guessed };
    for (const [done, probe] of readingProbes.entries()) {
      progress({ title: `${scene.route}: ${probe.label}`, done, total: readingProbes.length });
      run.cells.push(await tryProbe(probe, scene, run.wire));
    }
  });
}

/** The URL with the attacker's tenant in it left open, so that each asks for its own. */
function placed({ url, attacker: { tenantId } }: UrlCheck): string {
  const id = encodeURIComponent(tenantId);
  if (id.length < 3) return url;
  const parts = url.split(/(?<=[/?&=.:])|(?=[/?&=.:#])/);
  return parts.map((part) => (part === id ? tenantPlaceholder : part)).join("");
}
