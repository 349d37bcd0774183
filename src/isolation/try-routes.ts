import type { Resource } from "./api/resources.js";
import { type Trial, tryTrial } from "./probe.js";
import { bulkTrials } from "./probes/bulk.js";
import { eventTrials } from "./probes/events.js";
import { exportTrials } from "./probes/export.js";
import { connectTrials } from "./probes/foreign-key-connect.js";
import { linkTrials } from "./probes/links.js";
import { subScopeTrials } from "./probes/sub-scope.js";
import { uniqueConflictTrials } from "./probes/unique-conflict.js";
import type { IsolationProgress } from "./run.js";
import type { Ground } from "./scene.js";
import type { World } from "./world.js";

/**
 * Tries what belongs to no one resource, files, batches, events, units, and last what leaves another tenant's
 * data with the one that tries.
 */
export async function tryRoutes(
  world: World,
  grounds: ReadonlyMap<Resource, Ground>,
  progress: IsolationProgress,
): Promise<void> {
  const { run, resources } = world;
  // What a user of a role creates tells nothing that the tenant's own does not.
  const isReading = world.isReadOnly || world.options.creator !== undefined;
  const trials: Trial[] = [
    ...exportTrials(world),
    ...(isReading ? [] : [...(await linkTrials(world)), ...bulkTrials(world), ...eventTrials(world)]),
    ...(await subScopeTrials(world)),
    ...(isReading ? [] : [...connectTrials(world, grounds), ...uniqueConflictTrials(world, grounds)]),
  ];
  const total = 2 * resources.length + 1;
  for (const trial of trials) {
    progress({ title: trial.route, done: 2 * resources.length, total });
    run.cells.push(await tryTrial(trial, run.wire));
  }
}
