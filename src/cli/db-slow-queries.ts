import { Command, Option } from "commander";
import { auditSlowQueries, type StatementOrder, slowQueriesCheck } from "../database/index.js";
import { schemaSuppressions } from "../registry/index.js";
import { auditTargets } from "./audit-targets.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { loadApplication } from "./load-application.js";
import { wholeNumber, withCommonOptions, withDatabaseOptions, withSchemaOptions } from "./options.js";

interface SlowQueryFlags {
  readonly order: StatementOrder;
  readonly limit: number;
  readonly minCalls?: number;
  readonly match?: string;
  readonly scoped?: boolean;
  readonly role?: readonly string[];
}

/** `tenantctl db slow-queries`: what costs the server most, and what reads tenants' rows without the tenant. */
export function slowQueriesCommand(context: Context): Command {
  const own = new Command("slow-queries")
    .addOption(
      new Option("--order <figure>", "what to sort by")
        .choices(["total", "mean", "calls", "rows"])
        .default("total"),
    )
    .option("--limit <number>", "statements to list", wholeNumber, 20)
    .option(
      "--min-calls <number>",
      "leave out statements with fewer calls (default: 1 in the list, 10 for findings)",
      wholeNumber,
    )
    .option("--match <text>", "only statements with this in their text, such as tenantId")
    .option("--scoped", "only statements that name a tenant-scoped table")
    .option("--role <name...>", "only statements that these roles ran");
  return withCommonOptions(withDatabaseOptions(withSchemaOptions(own)))
    .description("statements by time (pg_stat_statements), and those that lack the tenant")
    .addHelpText(
      "after",
      examples(
        "tenantctl db slow-queries",
        "tenantctl db slow-queries --scoped --order mean --limit 10",
        "tenantctl db slow-queries --match tenantId --min-calls 100",
        "tenantctl db slow-queries --role app --fail-on warning --json",
      ),
    )
    .action(async (options: AllOptions & SlowQueryFlags) => {
      await execute(context, "db slow-queries", options, async (work) => {
        const loaded = await loadApplication(work);
        const { order, limit, minCalls, match, scoped, role } = options;
        const outcomes = await auditTargets(work, loaded, {
          checks: [slowQueriesCheck],
          run: async (snapshot, application) => [
            await auditSlowQueries(snapshot, application, {
              ...{ order, limit, minCalls, match },
              isScoped: scoped === true,
              roles: role ?? [],
            }),
          ],
        });
        return { outcomes, suppressions: schemaSuppressions(loaded.context.schema) };
      });
    });
}
