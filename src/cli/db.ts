import { Command } from "commander";
import { auditDatabase, checkTitles, type DatabaseCheck } from "../database/index.js";
import { schemaSuppressions } from "../registry/index.js";
import { auditTargets } from "./audit-targets.js";
import type { Context } from "./context.js";
import { compareCommand } from "./db-compare.js";
import { connectionsCommand } from "./db-connections.js";
import { distributionCommand } from "./db-distribution.js";
import { slowQueriesCommand } from "./db-slow-queries.js";
import { snapshotCommand } from "./db-snapshot.js";
import { verifyCommand } from "./db-verify.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { loadApplication } from "./load-application.js";
import { withCommonOptions, withDatabaseOptions, withDeepOption, withSchemaOptions } from "./options.js";

const descriptions: Readonly<Record<DatabaseCheck, string>> = {
  readiness: "columns, indexes and foreign keys of the live database, joined with the Prisma schema",
  orphans: "rows without a tenant, and rows whose tenant or parent does not exist",
  references: "rows that point at another tenant's row",
};

/** `tenantctl db`: audits of the live database. They read, in one snapshot, and change nothing. */
export function databaseCommand(context: Context): Command {
  const command = new Command("db").description("audits of the live database (read only)");
  for (const check of Object.keys(descriptions) as DatabaseCheck[])
    command.addCommand(checkCommand(context, check));
  return command
    .addCommand(distributionCommand(context))
    .addCommand(slowQueriesCommand(context))
    .addCommand(connectionsCommand(context))
    .addCommand(snapshotCommand(context))
    .addCommand(compareCommand(context))
    .addCommand(verifyCommand(context));
}

function checkCommand(context: Context, check: DatabaseCheck): Command {
  const own = check === "readiness" ? new Command(check) : withDeepOption(new Command(check));
  return withCommonOptions(withDatabaseOptions(withSchemaOptions(own)))
    .description(descriptions[check])
    .addHelpText(
      "after",
      examples(
        `tenantctl db ${check}`,
        `tenantctl db ${check} --url env:REPLICA_URL --jobs 2`,
        `tenantctl db ${check} --env staging --json --output ${check}.json`,
      ),
    )
    .action(async (options: AllOptions) => {
      await execute(context, `db ${check}`, options, async (work) => {
        const loaded = await loadApplication(work);
        const outcomes = await auditTargets(work, loaded, {
          checks: [{ id: check, title: checkTitles[check] }],
          run: (snapshot, application, progress) =>
            auditDatabase(snapshot, application, { checks: [check], deep: options.deep === true, progress }),
        });
        return { outcomes, suppressions: schemaSuppressions(loaded.context.schema) };
      });
    });
}
