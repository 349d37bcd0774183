import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { discoverSchema } from "../config/discover.js";
import { surveyProject } from "../config/survey.js";
import { renderConfig, type TenantGuess } from "../config/template.js";
import { type Attempt, attempt } from "../findings/attempt.js";
import { UnavailableError, UsageError } from "../findings/errors.js";
import { exitCodes } from "../findings/exit-codes.js";
import { buildReport } from "../findings/report.js";
import { type PrismaSchema, readPrismaSchema, resolveTenancy, tenancyFacts } from "../registry/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { begin } from "./execute.js";
import { type CommonOptions, withCommonOptions } from "./options.js";
import { writeReport } from "./output.js";

interface InitOptions extends CommonOptions {
  readonly file: string;
  readonly dryRun?: boolean;
}

/** `tenantctl init`: writes a config from what the project has. It never overwrites one. */
export function initCommand(context: Context): Command {
  const own = new Command("init")
    .option("--file <file>", "the config to write", "tenantctl.config.ts")
    .option("--dry-run", "print it, write nothing");
  return withCommonOptions(own)
    .description("write tenantctl.config.ts from what this folder has: schema, registry, .env, inventory…")
    .addHelpText("after", examples("tenantctl init", "tenantctl init --dry-run", "tenantctl init --json"))
    .action((options: InitOptions) => initialize(context, options));
}

async function initialize(context: Context, options: InitOptions): Promise<void> {
  const invocation = begin(context, "init", options);
  const { cwd } = context;
  const found = await attempt(() => discoverSchema(cwd, cwd));
  const schema = "value" in found ? await attempt(() => readPrismaSchema(found.value.path, cwd)) : undefined;
  const { tenant, question } = await tenantOf(schema);
  const declaredVariable = schema && "value" in schema ? schema.value.urlVariable : undefined;
  const survey = await surveyProject(cwd, context.env, found, declaredVariable);
  const text = renderConfig(survey, tenant);
  const existing = survey.config ?? (existsSync(resolve(cwd, options.file)) ? options.file : undefined);
  const isWritten = existing === undefined && options.dryRun !== true;
  if (isWritten) write(resolve(cwd, options.file), options.file, text);
  const { renderSurvey } = await import("./init-text.js");
  const report = buildReport(
    {
      version: context.version,
      command: "init",
      environment: invocation.environment,
      startedAt: invocation.startedAt,
      finishedAt: context.now(),
    },
    [
      {
        id: "init",
        title: "What this project has",
        status: "pass",
        durationMs: 0,
        facts: {
          ...survey,
          ...(tenant ? { tenant } : {}),
          ...(question ? { question } : {}),
          ...(isWritten ? { wrote: options.file } : { text }),
        },
        findings: [],
      },
    ],
    { failOn: options.failOn, required: [] },
  );
  await writeReport(context, invocation, report, (theme) =>
    renderSurvey({ survey, tenant, question, text, file: options.file, existing, isWritten }, theme),
  );
  if (existing !== undefined && options.dryRun !== true) {
    throw new UsageError(
      `${existing} is there already, and nothing was written`,
      "tenantctl init --dry-run prints what it would be; --file NAME writes it beside",
    );
  }
  context.exitCode = exitCodes.pass;
}

/** Where there is no schema, the survey says so itself. */
async function tenantOf(
  schema: Attempt<PrismaSchema> | undefined,
): Promise<{ tenant?: TenantGuess; question?: string }> {
  if (!schema) return {};
  if ("problem" in schema) return { question: schema.problem };
  const tenancy = await attempt(() => resolveTenancy(schema.value));
  return "value" in tenancy
    ? { tenant: tenancyFacts(tenancy.value) }
    : { question: `${tenancy.problem}\n${tenancy.hint}` };
}

function write(path: string, shown: string, text: string): void {
  try {
    // "wx" refuses to overwrite, whoever made the file in the meantime.
    writeFileSync(path, text, { flag: "wx" });
  } catch (error) {
    throw new UnavailableError(
      `can't write ${shown}: ${(error as NodeJS.ErrnoException).code}`,
      "check the folder and its permissions; --dry-run prints it",
    );
  }
}
