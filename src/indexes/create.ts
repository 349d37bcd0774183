import { buildIndex } from "./build.js";
import type { IndexDefinition } from "./definition.js";
import { buildPartitioned } from "./partitioned.js";
import { planQueues, runQueues } from "./queue.js";
import type { IndexResult } from "./result.js";
import { closeEarlier, type Site, withTools } from "./run.js";
import { RefusedError, readTable } from "./target-table.js";
import { note, type Tools, Worker } from "./tools.js";

interface Queued extends IndexDefinition {
  readonly isPartitioned: boolean;
  readonly bytes: number;
}

/** Builds indexes, side by side over tables, one after the other on each; the results in the order asked for. */
export async function createIndexes(
  site: Site,
  wanted: readonly IndexDefinition[],
  command = "index create",
): Promise<{ readonly results: IndexResult[]; readonly journal: string }> {
  const queued: Queued[] = [];
  for (const each of wanted) queued.push(await sized(site, each));
  return withTools(site, command, async (tools) => {
    for (const { schema, name } of wanted)
      note(tools, { event: "wanted", schema, name, definition: find(wanted, schema, name) });
    tools.observe({ kind: "queued", indexes: wanted });
    const waves = planQueues(queued, ({ bytes }) => bytes);
    const tables = new Set(wanted.map(({ schema, table }) => JSON.stringify([schema, table])));
    const session = { ...tools.session, sharedBy: Math.min(site.options.jobs, tables.size) };
    const workers = Array.from(
      { length: site.options.jobs },
      () => new Worker({ address: tools.address, session }),
    );
    const results = new Map<string, IndexResult>();
    try {
      await runQueues(waves, site.options.jobs, async (item, worker) => {
        const definition = find(wanted, item.schema, item.name);
        const build = item.isPartitioned ? buildPartitioned : buildIndex;
        const result = await build(tools, workers[worker]!, definition);
        settle(tools, result);
        results.set(JSON.stringify([item.schema, item.name]), result);
      });
    } finally {
      await Promise.all(workers.map((worker) => worker.close()));
    }
    return {
      results: wanted.map(({ schema, name }) => results.get(JSON.stringify([schema, name]))!),
      journal: tools.journal.path,
    };
  });
}

/** Writes down that nothing more is to be done for an index, unless `index resume` has something to go on with. */
function settle(tools: Tools, { definition, state, isLeft, isResumable }: IndexResult): void {
  if (isLeft || isResumable) return;
  const { schema, name } = definition;
  note(tools, { event: "settled", schema, name, state });
  closeEarlier(tools.earlier, definition, tools.journal);
}

async function sized({ work }: Site, definition: IndexDefinition): Promise<Queued> {
  try {
    const { kind, bytes } = await readTable(work, definition);
    return { ...definition, isPartitioned: kind === "p", bytes };
  } catch (error) {
    // It is refused when its turn comes.
    if (error instanceof RefusedError) return { ...definition, isPartitioned: false, bytes: 0 };
    throw error;
  }
}

function find(wanted: readonly IndexDefinition[], schema: string, name: string): IndexDefinition {
  return wanted.find((each) => each.schema === schema && each.name === name)!;
}
