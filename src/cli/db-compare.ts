import { Command } from "commander";
import { checkIntegrity, integrityCheck } from "../database/index.js";
import { UsageError } from "../findings/errors.js";
import { auditTargets } from "./audit-targets.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import {
  type ComparisonFlags,
  compareLive,
  givenSnapshot,
  invariantsOf,
  onlyTarget,
  shownFile,
  tellOfOther,
  withComparisonOptions,
} from "./integrity.js";
import { loadApplication } from "./load-application.js";
import { withCommonOptions, withDatabaseOptions, withSchemaOptions } from "./options.js";

/** `tenantctl db compare`: a snapshot against a later one, or against the live database. */
export function compareCommand(context: Context): Command {
  const own = withComparisonOptions(
    new Command("compare")
      .argument("<before>", "snapshot that was taken first")
      .argument("[after]", "snapshot that was taken later (default: the live database)"),
  );
  return withCommonOptions(withDatabaseOptions(withSchemaOptions(own)))
    .description("rows lost, added, changed, or moved to another tenant since a snapshot")
    .addHelpText(
      "after",
      examples(
        "tenantctl db compare before-rollout.json",
        "tenantctl db compare before-rollout.json after-rollback.json",
        "tenantctl db compare before-rollout.json --since updatedAt --created createdAt",
      ),
    )
    .action(async (first: string, second: string | undefined, options: AllOptions & ComparisonFlags) => {
      await execute(context, "db compare", options, async (work) => {
        const before = givenSnapshot(work, first);
        if (second !== undefined) {
          refuseWriteTimes(options);
          const after = givenSnapshot(work, second);
          tellOfOther(work, before, after.data);
          const unread = after.data.unseen.map(({ reason }) => `the later snapshot lacks ${reason}`);
          const later = { data: after.data, unread, durationMs: 0 };
          const invariants = work.settings.databases.flatMap(invariantsOf);
          return { outcomes: [checkIntegrity(before.data, later, invariants, shownFile(work, before.file))] };
        }
        const target = onlyTarget(work);
        const loaded = await loadApplication(work);
        const outcomes = await auditTargets(work, loaded, {
          checks: [integrityCheck],
          run: async (snapshot, application, progress) => [
            await compareLive(work, { snapshot, application, target }, before, options, progress),
          ],
        });
        return { outcomes };
      });
    });
}

/** Between two files nothing can be asked any more. */
function refuseWriteTimes({ since, created }: ComparisonFlags): void {
  if (since === undefined && created === undefined) return;
  throw new UsageError(
    "--since and --created ask the live database; two snapshots know nothing of single rows",
    "leave the second file out",
  );
}
