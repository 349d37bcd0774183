import { Command } from "commander";
import { cleanUpLeftovers, stateFolderOf } from "../isolation/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { bindingOf, httpOf, type RequestFlags, withRequestOptions } from "./isolation-requests.js";
import { readTenants } from "./isolation-tenants.js";
import { withCommonOptions } from "./options.js";

/** `tenantctl isolation cleanup`: deletes what a killed check has left, by its journal. */
export function isolationCleanupCommand(context: Context): Command {
  const own = new Command("cleanup").option("--dry-run", "say what is left, delete nothing");
  return withCommonOptions(withRequestOptions(own))
    .description("deletes the objects that a killed check has left, as the tenants that they belong to")
    .addHelpText("after", examples("tenantctl isolation cleanup --dry-run", "tenantctl isolation cleanup"))
    .action(async (options: AllOptions & RequestFlags & { readonly dryRun?: boolean }) => {
      await execute(context, "isolation cleanup", options, async ({ settings, note }) => {
        const http = httpOf(context, options, settings);
        const outcome = await cleanUpLeftovers({
          stateFolder: stateFolderOf(settings.base, settings.stateFolder),
          actors: await readTenants(settings, http),
          binding: bindingOf(options, settings),
          http,
          isDryRun: options.dryRun === true,
        });
        const { deleted, left } = outcome.facts as { deleted: string[]; left: string[] };
        note(
          options.dryRun
            ? `note: ${left.length} objects are left: ${left.join(", ") || "nothing to do"}`
            : `note: deleted ${deleted.length} objects`,
        );
        return { outcomes: [outcome] };
      });
    });
}
