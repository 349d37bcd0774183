import { Command } from "commander";
import { type Inspection, inspectSettings } from "../config/inspect.js";
import {
  checkOf,
  type DatabaseFacts,
  type Item,
  judgeApi,
  judgeDatabase,
  judgePrograms,
  judgeProject,
  needsOf,
  readPrograms,
} from "../doctor/index.js";
import { exitCodes } from "../findings/exit-codes.js";
import { buildReport } from "../findings/report.js";
import type { Progress } from "../render/progress.js";
import type { Context } from "./context.js";
import { examineApi } from "./doctor-api.js";
import { examineDatabase } from "./doctor-database.js";
import { readProject } from "./doctor-project.js";
import { renderItems } from "./doctor-text.js";
import { examples } from "./examples.js";
import { type AllOptions, begin, showProgress } from "./execute.js";
import { settingsOptions, withCommonOptions, withDatabaseOptions, withSchemaOptions } from "./options.js";
import { requireOutputFolder, writeReport } from "./output.js";

/** `tenantctl doctor`: what tenantctl needs, what of it is there, and what mends the rest. */
export function doctorCommand(context: Context): Command {
  return withCommonOptions(withDatabaseOptions(withSchemaOptions(new Command("doctor"))))
    .description(
      "what the config needs: programs, files, database, rights, API, tokens; what mends the missing",
    )
    .addHelpText(
      "after",
      examples(
        "tenantctl doctor",
        "tenantctl doctor --env production",
        "tenantctl doctor --url env:REPLICA_URL --json",
      ),
    )
    .action((options: AllOptions) => diagnose(context, options));
}

async function diagnose(context: Context, options: AllOptions): Promise<void> {
  const invocation = begin(context, "doctor", options);
  requireOutputFolder(context, options.output);
  const progress = await showProgress(context, options);
  try {
    const { items, app } = await examine(context, options, progress);
    progress.stop();
    const report = buildReport(
      {
        version: context.version,
        command: "doctor",
        environment: invocation.environment,
        startedAt: invocation.startedAt,
        finishedAt: context.now(),
      },
      items.map(checkOf),
      { failOn: options.failOn, required: [] },
    );
    await writeReport(context, invocation, report, (theme) => renderItems(items, report.verdict, theme), app);
    context.exitCode = exitCodes[report.verdict];
  } finally {
    progress.stop();
  }
}

/** Everything that can be said, in the order in which it is read. */
async function examine(context: Context, options: AllOptions, progress: Progress) {
  const inspection = await inspectSettings(settingsOptions(options), context.cwd, context.env);
  progress.update("asking programs for their versions");
  const programs = await readPrograms(context.env, context.signal);
  const project = await readProject(inspection, context.cwd);
  const databases: DatabaseFacts[] = [];
  for (const target of inspection.databases) {
    databases.push(
      await examineDatabase(context, progress, target, { ...project, isNamed: inspection.namesDatabase }),
    );
  }
  progress.update("asking the API");
  const api = await examineApi(context, inspection);
  const { file, schemaPath } = inspection;
  const hasApplication =
    ("value" in file ? file.value !== undefined && !isOfApiAlone(inspection.config) : true) ||
    "value" in schemaPath ||
    [options.schema, options.registry].some((each) => each !== undefined) ||
    databases.some(({ state }) => state !== "unnamed");
  const items: Item[] = [
    ...judgePrograms(programs, process.versions.node, needsOf(inspection.config)),
    ...judgeProject({ ...project.facts, hasApplication }),
    ...databases.flatMap(judgeDatabase),
    ...judgeApi(api),
  ];
  return { items, app: inspection.config.app };
}

/** Checks over HTTP need no Prisma schema: a config that speaks of them alone misses none. */
function isOfApiAlone({ isolation, smoke, load, ...config }: Inspection["config"]): boolean {
  const { schema, registry, tenant, database, databases } = config;
  const isGiven = (section: unknown) => section !== undefined;
  return (
    [isolation, smoke, load].some(isGiven) && ![schema, registry, tenant, database, databases].some(isGiven)
  );
}
