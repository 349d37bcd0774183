import { Command } from "commander";
import { auditDistribution, distributionCheck } from "../database/index.js";
import type { Reading } from "../findings/distribution.js";
import { UsageError } from "../findings/errors.js";
import { schemaSuppressions } from "../registry/index.js";
import { auditTargets } from "./audit-targets.js";
import type { Context } from "./context.js";
import { readReport } from "./earlier-report.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { loadApplication } from "./load-application.js";
import { wholeNumber, withCommonOptions, withDatabaseOptions, withSchemaOptions } from "./options.js";

interface DistributionFlags {
  readonly table?: readonly string[];
  readonly top: number;
  readonly estimate?: boolean;
  readonly bytes?: boolean;
  readonly earlier?: string;
}

const usualTop = 10;

/** `tenantctl db distribution`: how each table's rows divide among tenants. */
export function distributionCommand(context: Context): Command {
  const own = new Command("distribution")
    .option("--table <name...>", "these tables only (default: every table of tenants' rows)")
    .option(
      "--top <number>",
      "tenants to list per table; with --earlier those of its list too",
      wholeNumber,
      usualTop,
    )
    .option("--estimate", "read a sample of the pages, and say how far off it may be")
    .option("--bytes", "measure the rows of each tenant; else the table's size is shared by rows")
    .option("--earlier <file>", "an earlier report of this command (--json): show growth");
  return withCommonOptions(withDatabaseOptions(withSchemaOptions(own)))
    .description("rows and bytes per tenant and table: shares, skew, tenants with nothing, growth")
    .addHelpText(
      "after",
      examples(
        "tenantctl db distribution",
        "tenantctl db distribution --table assets rentals --top 25",
        "tenantctl db distribution --json --output today.json",
        "tenantctl db distribution --earlier last-month.json",
        "tenantctl db distribution --estimate --format html --output distribution.html",
      ),
    )
    .action(async (options: AllOptions & DistributionFlags) => {
      const earlier = options.earlier === undefined ? undefined : readEarlier(context, options.earlier);
      await execute(context, "db distribution", options, async (work) => {
        const loaded = await loadApplication(work);
        const outcomes = await auditTargets(work, loaded, {
          checks: [distributionCheck],
          run: async (snapshot, application, progress, name) => {
            const before = earlier?.(name);
            const outcome = await auditDistribution(
              snapshot,
              application,
              {
                tables: options.table ?? [],
                top: options.top,
                isEstimate: options.estimate === true,
                measuresBytes: options.bytes === true,
                earlier: before,
              },
              progress,
            );
            const { database } = outcome.facts;
            if (before?.database !== undefined && before.database !== database)
              work.note(
                `note: ${options.earlier} is a reading of the database ${before.database}, not of ${database}`,
              );
            return [outcome];
          },
        });
        return { outcomes, suppressions: schemaSuppressions(loaded.context.schema) };
      });
    });
}

/**
 * The readings that an earlier report holds, by database.
 *
 * @throws UsageError where it is none, or has none of the database that is asked for.
 */
function readEarlier(context: Context, file: string): (name: string | undefined) => Reading {
  const hint = "write one with: tenantctl db distribution --json --output FILE (without --no-samples)";
  const report = readReport(context, file, "the earlier reading", hint);
  const readings = (report.checks ?? [])
    .filter(({ id }) => id === distributionCheck.id)
    .map(({ facts }) => facts);
  if (readings.length === 0 || !readings.every(isReading))
    throw new UsageError(`${file} is no report of db distribution with its tenants`, hint);
  return (name) => {
    const found = readings.find(({ databaseName }) => databaseName === name) as Reading | undefined;
    if (found) return found;
    throw new UsageError(`${file} has no reading of ${name ?? "a single database"}`, hint);
  };
}

function isReading({ takenAt, tables }: Partial<Reading>): boolean {
  return takenAt !== undefined && tables?.every((table) => Array.isArray(table.tenants)) === true;
}
