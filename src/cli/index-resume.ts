import { Command } from "commander";
import { openWork, outcomeOfPreview, previewDrop, previewIndex, resumeWork } from "../indexes/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { type IndexWorkFlags, withBuildOptions, withIndexWorkOptions } from "./index-options.js";
import { atEachDatabase, concluded, factsOf } from "./index-work.js";
import { withCommonOptions } from "./options.js";

const about = `
Reads the journals of the state folder. A build that the server goes on with is
waited for; what is half done is dropped and built anew; what did not have its
turn is built; a drop that was ended goes on.`;

/** `tenantctl index resume`: goes on with what a killed or stopped run left. */
export function indexResumeCommand(context: Context): Command {
  return withCommonOptions(withBuildOptions(withIndexWorkOptions(new Command("resume"))))
    .description("goes on with builds and drops that were killed or stopped")
    .addHelpText(
      "after",
      `${about}\n${examples("tenantctl index resume --dry-run", "tenantctl index resume --yes")}`,
    )
    .action(async (options: AllOptions & IndexWorkFlags) => {
      await execute(context, "index resume", options, async (work) => ({
        outcomes: await atEachDatabase(work, options, async (place) => {
          const start = performance.now();
          const { builds, drops } = openWork(place.site.earlier);
          const number = builds.length + drops.length;
          if (number === 0) work.note(`note: no journal has anything open in ${place.shown}`);
          if (options.dryRun || number === 0) {
            const previews = [];
            for (const target of drops) previews.push(await previewDrop(place.site, target));
            for (const definition of builds) previews.push(await previewIndex(place.site, definition));
            return outcomeOfPreview(previews, factsOf(place), performance.now() - start);
          }
          await place.requireConsent(`go on with ${number === 1 ? "1 index" : `${number} indexes`}`);
          const { results, journals } = await resumeWork(place.site);
          return concluded(work, place, results, journals, performance.now() - start);
        }),
      }));
    });
}
