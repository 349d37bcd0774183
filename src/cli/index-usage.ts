import { Command, InvalidArgumentError, Option } from "commander";
import type { DatabaseTarget } from "../config/settings.js";
import { UsageError } from "../findings/errors.js";
import {
  auditIndexUsage,
  indexUsageCheck,
  type ReadServer,
  type UsageOptions,
  type UsageOrder,
  usageOrders,
} from "../indexes/index.js";
import { stateFolderOf } from "../isolation/index.js";
import { schemaSuppressions } from "../registry/index.js";
import { auditTargets } from "./audit-targets.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute, type Work } from "./execute.js";
import { loadApplication } from "./load-application.js";
import { connect, warnOfPassword } from "./open-database.js";
import { withCommonOptions, withDatabaseOptions, withSchemaOptions } from "./options.js";

interface UsageFlags {
  readonly match?: string;
  readonly table?: readonly string[];
  readonly order: UsageOrder;
  readonly limit?: number;
  readonly unused?: boolean;
  readonly maxScans: number;
  readonly minAge: number;
  readonly foreignKeys?: boolean;
  readonly ignoreStandbys?: boolean;
  readonly store: boolean;
}

const usualMinAge = 7;
const dayMs = 86_400_000;

/** `tenantctl index usage`: what every index does, and which of them nothing needs. */
export function indexUsageCommand(context: Context): Command {
  const own = new Command("usage")
    .option("--match <text>", "indexes whose name has this; % stands for anything: tenant, %_idx")
    .option("--table <name...>", "of these tables only")
    .addOption(new Option("--order <by>", "most first").choices(usageOrders).default("scans"))
    .option("--limit <number>", "list so many (default: all)", wholeNumber(1))
    .option("--unused", "only indexes that are hardly used, and only that finding")
    .option("--max-scans <number>", "an index with more scans is used", wholeNumber(0), 0)
    .option("--min-age <days>", "days of statistics before an index is called unused", days, usualMinAge)
    .option("--foreign-keys", "call an index unused even if deletes of parents would need it")
    .option("--replica <url...>", "add up the counters of this replica too: env:NAME, file:PATH or a URL")
    .option("--ignore-standbys", "standbys that are not named serve no queries")
    .option("--no-store", "keep no reading of the counters for later runs");
  return withCommonOptions(withDatabaseOptions(withSchemaOptions(own)))
    .description("what every index does; unused, duplicate, redundant, invalid and bloated ones")
    .addHelpText(
      "after",
      `
Each run keeps its counters in the state folder (.tenantctl, or state.dir of
config), and adds up those of earlier runs: a reset or a failover makes no index
look unused.
${examples(
  "tenantctl index usage",
  "tenantctl index usage --match tenant --order scans --limit 20",
  "tenantctl index usage --unused --min-age 30",
  "tenantctl index usage --replica env:REPLICA_1_URL --replica env:REPLICA_2_URL",
  "tenantctl index usage --format html --output indexes.html",
)}`,
    )
    .action(async (options: AllOptions & UsageFlags) => {
      await execute(context, "index usage", options, async (work) => {
        const loaded = await loadApplication(work);
        requireOneDatabase(work, options);
        const outcomes = await auditTargets(work, loaded, {
          checks: [indexUsageCheck],
          run: async (snapshot, application, _progress, _name, { target, shown }) => {
            const replicas = await openReplicas(work, target);
            try {
              const keeping = { stateFolder: stateFolder(work), keeps: options.store };
              const servers = [{ snapshot, shown }, ...replicas] as const;
              return [await auditIndexUsage(servers, application, usageOptions(options), keeping)];
            } finally {
              await Promise.all(replicas.map((replica) => replica.snapshot.close()));
            }
          },
        });
        return { outcomes, suppressions: schemaSuppressions(loaded.context.schema) };
      });
    });
}

function usageOptions(options: UsageFlags): UsageOptions {
  return {
    match: options.match,
    tables: options.table ?? [],
    order: options.order,
    limit: options.limit,
    onlyUnused: options.unused === true,
    maxScans: options.maxScans,
    minAge: options.minAge * dayMs,
    judgesForeignKeys: options.foreignKeys === true,
    ignoresStandbys: options.ignoreStandbys === true,
  };
}

function stateFolder({ settings }: Work): string {
  return stateFolderOf(settings.base, settings.stateFolder);
}

/** A replica is one of one database. */
function requireOneDatabase({ settings }: Work, { replica }: AllOptions): void {
  if (!replica || settings.databases.length === 1) return;
  throw new UsageError(
    `--replica is of one database, and config has ${settings.databases.length}`,
    "name it: --database NAME, or write databases.NAME.replicas into config",
  );
}

/** Connects to every replica; what was opened before a failure is closed. */
async function openReplicas(work: Work, target: DatabaseTarget): Promise<ReadServer[]> {
  const opened: ReadServer[] = [];
  try {
    for (const url of target.replicaUrls()) {
      warnOfPassword(url, "--replica", work.note);
      opened.push(await connect(work.context, work.progress, { ...target, jobs: 1 }, url));
    }
    return opened;
  } catch (error) {
    await Promise.all(opened.map(({ snapshot }) => snapshot.close()));
    throw error;
  }
}

function wholeNumber(least: number) {
  return (text: string): number => {
    const number = Number(text);
    if (text.trim() !== "" && Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`It has to be a whole number, ${least} or more.`);
  };
}

function days(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= 0 && number <= 3650) return number;
  throw new InvalidArgumentError("It has to be a number of days, 0 to 3650.");
}
