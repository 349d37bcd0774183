import { Command } from "commander";
import { type CleanupFacts, cleanUpLeftovers, stateFolderOf } from "../isolation/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { renderCleanup } from "./isolation-cleanup-text.js";
import { bindingOf, httpOf, type RequestFlags, withRequestOptions } from "./isolation-requests.js";
import { readTenants } from "./isolation-tenants.js";
import { withCommonOptions } from "./options.js";

/** `tenantctl isolation cleanup`: deletes what a killed check has left, by its journal. */
export function isolationCleanupCommand(context: Context): Command {
  const own = new Command("cleanup").option("--dry-run", "say what would be deleted, delete nothing");
  return withCommonOptions(withRequestOptions(own))
    .description("deletes what checks have left, as the tenants that it belongs to; tells what can't be")
    .addHelpText("after", examples("tenantctl isolation cleanup --dry-run", "tenantctl isolation cleanup"))
    .action(async (options: AllOptions & RequestFlags & { readonly dryRun?: boolean }) => {
      await execute(context, "isolation cleanup", options, async ({ settings }) => {
        const http = httpOf(context, options, settings);
        const outcome = await cleanUpLeftovers({
          stateFolder: stateFolderOf(settings.base, settings.stateFolder),
          actors: await readTenants(settings, http),
          binding: bindingOf(options, settings),
          http,
          isDryRun: options.dryRun === true,
        });
        const facts = outcome.facts as unknown as CleanupFacts;
        const verdict = outcome.obstacle ? "error" : "pass";
        return { outcomes: [outcome], body: (theme) => renderCleanup(facts, verdict, theme) };
      });
    });
}
