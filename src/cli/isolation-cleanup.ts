import { Command } from "commander";
import type { HttpOptions } from "../adapters/http/client.js";
import type { CheckOutcome } from "../findings/check.js";
import { type CleanupFacts, cleanUpLeftovers, stateFolderOf } from "../isolation/index.js";
import { cleanUpWorkflows, parseWorkflows, readOpenJournals } from "../smoke/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute, type Work } from "./execute.js";
import { renderCleanup } from "./isolation-cleanup-text.js";
import { bindingOf, httpOf, type RequestFlags, withRequestOptions } from "./isolation-requests.js";
import { readTenants, type Tenant } from "./isolation-tenants.js";
import { withCommonOptions } from "./options.js";
import { readGivenValues } from "./smoke-values.js";

type CleanupFlags = AllOptions & RequestFlags & { readonly dryRun?: boolean };

/** `tenantctl isolation cleanup`: removes what killed checks and smoke tests have left, by their journals. */
export function isolationCleanupCommand(context: Context): Command {
  const own = new Command("cleanup").option("--dry-run", "say what would be deleted, delete nothing");
  return withCommonOptions(withRequestOptions(own))
    .description(
      "deletes what checks and smoke tests have left, as the tenants that it belongs to; tells what can't be",
    )
    .addHelpText("after", examples("tenantctl isolation cleanup --dry-run", "tenantctl isolation cleanup"))
    .action(async (options: CleanupFlags) => {
      await execute(context, "isolation cleanup", options, async (work) => {
        const { settings, note } = work;
        const http = httpOf(context, options, settings);
        const actors = await readTenants(settings, http, ["C"]);
        const leftovers = await cleanUpLeftovers({
          stateFolder: stateFolderOf(settings.base, settings.stateFolder),
          binding: bindingOf(options, settings),
          isDryRun: options.dryRun === true,
          ...{ actors, http },
        });
        const workflows = await afterWorkflows(work, options, http, actors);
        for (const { obstacle } of workflows) if (obstacle) note(`note: ${obstacle.reason}`);
        const outcomes = [leftovers, ...workflows];
        const verdict = outcomes.some(({ obstacle }) => obstacle) ? "error" : "pass";
        return { outcomes, body: (theme) => renderCleanup(together(outcomes), verdict, theme) };
      });
    });
}

function together(outcomes: readonly CheckOutcome[]): CleanupFacts {
  const all = outcomes.map(({ facts }) => facts as unknown as CleanupFacts);
  return {
    deleted: all.flatMap(({ deleted }) => deleted),
    left: all.flatMap(({ left }) => left),
    forGood: all.flatMap(({ forGood }) => forGood),
    unsure: all.flatMap(({ unsure }) => unsure),
    ...(all.some(({ isDryRun }) => isDryRun) ? { isDryRun: true } : {}),
  };
}

/** What smoke tests left; nothing where none was killed. */
async function afterWorkflows(
  { context, settings }: Work,
  options: CleanupFlags,
  http: HttpOptions,
  actors: readonly Tenant[],
): Promise<CheckOutcome[]> {
  const journals = readOpenJournals(stateFolderOf(settings.base, settings.stateFolder));
  if (journals.length === 0) return [];
  const names = new Set(journals.flatMap(({ copies }) => copies.map(({ key }) => key.workflow)));
  const workflows = parseWorkflows(settings.smoke, settings.isolation.shared)
    .filter(({ name }) => names.has(name))
    // Only what cleans up is sent: a secret of another step may be missing by now.
    .map((workflow) => ({ ...workflow, steps: [] }));
  const tenants = actors.map(({ name }) => name);
  return [
    await cleanUpWorkflows({
      ...{ journals, workflows, actors, http, now: context.now },
      ...readGivenValues(settings, workflows, tenants),
      binding: bindingOf(options, settings),
      isDryRun: options.dryRun === true,
    }),
  ];
}
