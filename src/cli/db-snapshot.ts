import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { snapshotFile, storeSnapshot, takeSnapshot } from "../database/index.js";
import { UsageError } from "../findings/errors.js";
import { auditTargets } from "./audit-targets.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { invariantsOf, onlyTarget, shownFile, stateFolder } from "./integrity.js";
import { loadApplication } from "./load-application.js";
import { withCommonOptions, withDatabaseOptions, withSchemaOptions } from "./options.js";
import { requireOutputFolder } from "./output.js";

const check = { id: "snapshot", title: "Snapshot of the data" } as const;

/** `tenantctl db snapshot`: counts and checksums per table and tenant, to a file. */
export function snapshotCommand(context: Context): Command {
  const own = new Command("snapshot").option(
    "--to <file>",
    "file to write (default: a new one in the state folder's snapshots/)",
  );
  return withCommonOptions(withDatabaseOptions(withSchemaOptions(own)))
    .description("per table and tenant the count and an order-free checksum, in one moment, to a file")
    .addHelpText(
      "after",
      examples(
        "tenantctl db snapshot",
        "tenantctl db snapshot --to before-rollout.json",
        "tenantctl db snapshot --url env:REPLICA_URL --jobs 2 --no-samples",
      ),
    )
    .action(async (options: AllOptions & { to?: string }) => {
      await execute(context, "db snapshot", options, async (work) => {
        if (options.to !== undefined) {
          onlyTarget(work);
          refuseToOverwrite(resolve(context.cwd, options.to), options.to);
        }
        requireOutputFolder(context, options.to);
        const loaded = await loadApplication(work);
        const outcomes = await auditTargets(work, loaded, {
          checks: [check],
          run: async (snapshot, application, progress, name) => {
            const target = work.settings.databases.find((each) => each.name === name)!;
            const { data, unread, durationMs } = await takeSnapshot(
              snapshot,
              application,
              { invariants: invariantsOf(target), isBare: !options.samples },
              progress,
            );
            const file =
              options.to === undefined
                ? snapshotFile(stateFolder(work), name, data)
                : resolve(context.cwd, options.to);
            storeSnapshot(file, data);
            work.note(
              `note: written to ${shownFile(work, file)}; compare with: tenantctl db verify${options.to === undefined ? "" : ` ${options.to}`}`,
            );
            const obstacle = unread.length
              ? { status: "error" as const, reason: `not in it: ${unread.slice(0, 3).join("; ")}` }
              : undefined;
            const facts = {
              database: data.database,
              server: data.server,
              file: shownFile(work, file),
              takenAt: data.takenAt,
              snapshot: data.tables.map(({ schema, table, key, groups, columns, ...rest }) => ({
                ...{ schema, table, columns: columns.length },
                rows: groups.reduce((sum, { rows }) => sum + rows, 0),
                groups: groups.length,
                key: key.map((column) => column.name),
                ...(rest.unread.length ? { unread: rest.unread } : {}),
              })),
            };
            return [{ ...check, drafts: [], obstacle, durationMs, facts }];
          },
        });
        return { outcomes };
      });
    });
}

/** The snapshot from before can't be had again. */
function refuseToOverwrite(path: string, named: string): void {
  if (existsSync(path))
    throw new UsageError(`${named} is there already`, "name another file, or delete that one first");
}
