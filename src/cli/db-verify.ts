import { Command } from "commander";
import { auditDatabase, checkTitles, integrityCheck } from "../database/index.js";
import { schemaSuppressions } from "../registry/index.js";
import { auditTargets } from "./audit-targets.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import {
  type ComparisonFlags,
  compareLive,
  givenSnapshot,
  onlyTarget,
  withComparisonOptions,
} from "./integrity.js";
import { loadApplication } from "./load-application.js";
import { withCommonOptions, withDatabaseOptions, withDeepOption, withSchemaOptions } from "./options.js";

const scanned = ["orphans", "references"] as const;

/** `tenantctl db verify`: the integrity check after a rollout or a rollback. */
export function verifyCommand(context: Context): Command {
  const own = withComparisonOptions(
    new Command("verify").argument("[before]", "snapshot to compare with (default: the newest stored one)"),
  );
  return withCommonOptions(withDatabaseOptions(withSchemaOptions(withDeepOption(own))))
    .description("data integrity after a rollout or rollback: compare, orphans and references in one moment")
    .addHelpText(
      "after",
      examples(
        "tenantctl db verify",
        "tenantctl db verify before-rollout.json --since updatedAt --created createdAt",
        "tenantctl db verify --env production --json --output integrity.json",
      ),
    )
    .action(async (first: string | undefined, options: AllOptions & ComparisonFlags) => {
      await execute(context, "db verify", options, async (work) => {
        const before = first === undefined ? undefined : givenSnapshot(work, first);
        if (before) onlyTarget(work);
        const loaded = await loadApplication(work);
        const outcomes = await auditTargets(work, loaded, {
          checks: [integrityCheck, ...scanned.map((id) => ({ id, title: checkTitles[id] }))],
          run: async (snapshot, application, progress, name) => {
            const target = work.settings.databases.find((each) => each.name === name)!;
            return [
              await compareLive(work, { snapshot, application, target }, before, options, progress),
              ...(await auditDatabase(snapshot, application, {
                checks: scanned,
                deep: options.deep === true,
                progress,
              })),
            ];
          },
        });
        return { outcomes, suppressions: schemaSuppressions(loaded.context.schema) };
      });
    });
}
