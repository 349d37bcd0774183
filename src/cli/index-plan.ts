import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { UsageError } from "../findings/errors.js";
import { indexPlanCheck, planIndexes, type WantedIndex, writeIndexFile } from "../indexes/index.js";
import { schemaSuppressions } from "../registry/index.js";
import { auditTargets } from "./audit-targets.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { loadApplication } from "./load-application.js";
import { withCommonOptions, withDatabaseOptions, withSchemaOptions } from "./options.js";
import { requireOutputFolder, unwritable } from "./output.js";

interface PlanFlags {
  readonly to?: string;
}

/** `tenantctl index plan`: the indexes that queries lack, with their SQL and what Prisma has to know of them. */
export function indexPlanCommand(context: Context): Command {
  const own = new Command("plan").option(
    "--to <file>",
    "write the definitions that index create takes (JSON)",
  );
  return withCommonOptions(withDatabaseOptions(withSchemaOptions(own)))
    .description("indexes that are missing: for the guard's queries, foreign keys and costly statements")
    .addHelpText(
      "after",
      `
Costly statements are known where pg_stat_statements is. Where HypoPG is, the
planner's cost is shown without and with each proposed index. Nothing is built.
${examples(
  "tenantctl index plan",
  "tenantctl index plan --to indexes.json && tenantctl index create indexes.json",
  "tenantctl index plan --verbose",
  "tenantctl index plan --format markdown --output index-plan.md",
)}`,
    )
    .action(async (options: AllOptions & PlanFlags) => {
      await execute(context, "index plan", options, async (work) => {
        requireOutputFolder(context, options.to);
        if (options.to !== undefined && work.settings.databases.length > 1)
          throw new UsageError(
            "--to writes the plan of one database, and config has several",
            "name it: --database NAME",
          );
        const loaded = await loadApplication(work);
        const outcomes = await auditTargets(work, loaded, {
          checks: [indexPlanCheck],
          run: async (snapshot, application) => {
            const { outcome, indexes } = await planIndexes(snapshot, application);
            if (options.to !== undefined) writePlan(context, options.to, indexes, work.note);
            return [outcome];
          },
        });
        return { outcomes, suppressions: schemaSuppressions(loaded.context.schema) };
      });
    });
}

/** A file of no index would be refused by `index create`: none is written then. */
function writePlan(
  { cwd }: Context,
  file: string,
  indexes: readonly WantedIndex[],
  note: (text: string) => void,
): void {
  if (indexes.length === 0) {
    note(`note: no index is proposed, and ${file} is not written`);
    return;
  }
  try {
    writeFileSync(resolve(cwd, file), writeIndexFile(indexes));
  } catch (error) {
    throw unwritable(file, error);
  }
  const number = indexes.length === 1 ? "1 index" : `${indexes.length} indexes`;
  note(`note: ${number} written to ${file}; build with: tenantctl index create ${file}`);
}
