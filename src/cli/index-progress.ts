import type { WorkEvent } from "../indexes/index.js";
import { blockerText, liveLines } from "../render/index-progress.js";
import type { Progress } from "../render/progress.js";

/** Shows what a run does: lines that live while builds run, and one that stays for each that began or ended. */
export function showWork(progress: Progress, withSamples: boolean): (event: WorkEvent) => void {
  const live = new Map<string, readonly string[]>();
  const queued = new Set<string>();
  const ended = new Set<string>();
  const update = () => {
    const count = queued.size > 1 ? [`${ended.size} of ${queued.size} indexes`] : [];
    progress.update([...count, ...[...live.values()].flat()].join("\n"));
  };
  return (event) => {
    if (event.kind === "queued") {
      for (const index of event.indexes) queued.add(nameOf(index));
      return update();
    }
    const name = nameOf(event.index);
    switch (event.kind) {
      case "started":
        progress.say(`${name}: started`);
        live.set(name, [`${name}: starting`]);
        break;
      case "progress":
        live.set(name, liveLines(name, event.progress, withSamples));
        break;
      case "waiting":
        live.set(name, [
          `${name}: waiting for ${event.what}`,
          ...event.blockers.map((each) => `  ${blockerText(each, withSamples)}`),
        ]);
        break;
      case "again":
        progress.say(`${name}: ${event.reason}; attempt ${event.attempt} follows`);
        break;
      case "cleaning":
        progress.say(`${name}: dropping what the attempt left`);
        live.set(name, [`${name}: dropping what the attempt left`]);
        break;
      case "ended":
        // Indexes of partitions are built for one that was asked for.
        if (queued.has(name)) ended.add(name);
        live.delete(name);
        progress.say(`${name}: ${event.state}`);
        break;
    }
    update();
  };
}

function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`;
}
