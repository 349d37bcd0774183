import { Command, InvalidArgumentError } from "commander";
import { auditConnections, connectionsCheck } from "../database/index.js";
import { schemaSuppressions } from "../registry/index.js";
import { auditTargets } from "./audit-targets.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { loadApplication } from "./load-application.js";
import { wholeNumber, withCommonOptions, withDatabaseOptions, withSchemaOptions } from "./options.js";

interface ConnectionFlags {
  readonly idleInTransaction: number;
  readonly nearLimit: number;
}

/** `tenantctl db connections`: who is connected, what they do and wait for, and how many more there may be. */
export function connectionsCommand(context: Context): Command {
  const own = new Command("connections")
    .option(
      "--idle-in-transaction <seconds>",
      "a finding from so long on: idle in a transaction",
      wholeNumber,
      60,
    )
    .option("--near-limit <percent>", "a finding from so much of a limit on", percentage, 80);
  return withCommonOptions(withDatabaseOptions(withSchemaOptions(own)))
    .description("connections by tenant, state and age; what they wait for; limits")
    .addHelpText(
      "after",
      examples(
        "tenantctl db connections",
        "tenantctl db connections --idle-in-transaction 10 --near-limit 70 --fail-on warning",
        "tenantctl db connections --no-samples --json --output connections.json",
      ),
    )
    .action(async (options: AllOptions & ConnectionFlags) => {
      await execute(context, "db connections", options, async (work) => {
        const loaded = await loadApplication(work);
        const outcomes = await auditTargets(work, loaded, {
          checks: [connectionsCheck],
          run: async (snapshot, application, _, name) => [
            await auditConnections(snapshot, application, {
              idleSeconds: options.idleInTransaction,
              nearPercent: options.nearLimit,
              attribution: work.settings.databases.find((each) => each.name === name)?.attribution,
            }),
          ],
        });
        return { outcomes, suppressions: schemaSuppressions(loaded.context.schema) };
      });
    });
}

function percentage(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= 100) return number;
  throw new InvalidArgumentError("It has to be a number over 0, at most 100.");
}
