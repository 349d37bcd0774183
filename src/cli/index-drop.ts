import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { stateFolderOf } from "../adapters/journal-file.js";
import { UsageError } from "../findings/errors.js";
import {
  builtIn,
  type DropTarget,
  dropIndexes,
  isAbout,
  journalsOf,
  openJournal,
  outcomeOfPreview,
  previewDrop,
  resolveNames,
} from "../indexes/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute, type Work } from "./execute.js";
import { type IndexWorkFlags, withIndexWorkOptions } from "./index-options.js";
import { atEachDatabase, concluded, factsOf, type Place } from "./index-work.js";
import { withCommonOptions } from "./options.js";

interface DropFlags extends IndexWorkFlags {
  readonly built?: string;
}

/** `tenantctl index drop`: drops indexes without stopping anybody, or undoes a create. */
export function indexDropCommand(context: Context): Command {
  const own = new Command("drop")
    .argument("[name...]", "indexes, with their schema where two have the name")
    .option("--built <journal>", "undo: those that a create built, by its journal's path, or: last");
  return withCommonOptions(withIndexWorkOptions(own))
    .description("drops indexes concurrently; the journal keeps what builds them again")
    .addHelpText(
      "after",
      examples(
        "tenantctl index drop assets_tenantId_idx --dry-run",
        "tenantctl index drop assets_tenantId_idx --yes",
        "tenantctl index drop --built last --yes",
      ),
    )
    .action(async (names: readonly string[], options: AllOptions & DropFlags) => {
      if (names.length === 0 && options.built === undefined)
        throw new UsageError("no index is named", "name one, or --built last for what the last create built");
      if (names.length > 0 && options.built !== undefined)
        throw new UsageError("names and --built say two things", "give one of them");
      await execute(context, "index drop", options, async (work) => ({
        outcomes: await atEachDatabase(work, options, async (place) => {
          const targets =
            options.built === undefined
              ? await resolveNames(place.site, names)
              : builtBy(work, place, options.built);
          return options.dryRun ? preview(place, targets) : drop(work, place, targets);
        }),
      }));
    });
}

async function drop(work: Work, place: Place, targets: readonly DropTarget[]) {
  await place.requireConsent(`drop ${targets.map(({ schema, name }) => `${schema}.${name}`).join(", ")}`);
  const start = performance.now();
  const { results, journal } = await dropIndexes(place.site, targets);
  return concluded(work, place, results, [journal], performance.now() - start);
}

async function preview(place: Place, targets: readonly DropTarget[]) {
  const start = performance.now();
  const previews = [];
  for (const target of targets) previews.push(await previewDrop(place.site, target));
  return outcomeOfPreview(previews, factsOf(place), performance.now() - start);
}

function builtBy({ context, settings }: Work, { site, shown }: Place, named: string): DropTarget[] {
  const folder = stateFolderOf(settings.base, settings.stateFolder);
  if (named === "last") {
    const last = journalsOf(folder, site.server.identity)
      .filter((journal) => builtIn(journal).length > 0)
      .at(-1);
    if (last) return builtIn(last);
    throw new UsageError(
      `no journal in ${folder} has built an index of ${shown} that is still there`,
      "name the index, or the journal of another machine: --built FILE",
    );
  }
  const path = resolve(context.cwd, named);
  if (!existsSync(path))
    throw new UsageError(`there is no journal ${named}`, "index create says its journal");
  const journal = openJournal(path);
  if (!isAbout(journal, site.server.identity))
    throw new UsageError(`${named} is no journal of ${shown}`, "--url names the database that it is about");
  return builtIn(journal);
}
