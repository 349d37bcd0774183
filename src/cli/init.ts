import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { surveyProject } from "../config/survey.js";
import { renderConfig, type TenantGuess } from "../config/template.js";
import { CommandError, UnavailableError, UsageError } from "../findings/errors.js";
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
  const first = surveyProject(cwd, context.env);
  const { schema, problem } = schemaOf(first.schema, cwd);
  const survey = schema ? surveyProject(cwd, context.env, schema.urlVariable) : first;
  const { tenant, question } = schema ? tenantOf(schema) : { tenant: undefined, question: problem };
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

function schemaOf(found: ReturnType<typeof surveyProject>["schema"], cwd: string) {
  if (!("path" in found)) return { problem: undefined };
  try {
    return { schema: readPrismaSchema(resolve(cwd, found.path), cwd) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { problem: error.message };
  }
}

function tenantOf(schema: PrismaSchema): { tenant?: TenantGuess; question?: string } {
  try {
    return { tenant: tenancyFacts(resolveTenancy(schema)) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { question: `${error.message}\n${error.hint}` };
  }
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
