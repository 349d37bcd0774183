import { type Command, InvalidArgumentError, Option } from "commander";
import { longestTimeout, mostJobs } from "../config/limits.js";
import type { SettingsOptions } from "../config/settings.js";
import type { FailOn } from "../findings/report.js";
import { auditCheckIds, type CheckId } from "../findings/rules.js";
import { type Format, formats } from "./context.js";

/** What every command understands. Declared on the leaf commands: commander gives a doubled option to the parent. */
export interface CommonOptions {
  readonly config?: string;
  readonly env?: string;
  readonly format: Format;
  readonly json?: boolean;
  readonly output?: string;
  readonly failOn: FailOn;
  readonly baseline?: string;
  readonly samples: boolean;
  readonly input: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
}

export function withCommonOptions(command: Command): Command {
  return command
    .optionsGroup("Common options:")
    .option("--config <path>", "config file (default: the nearest tenantctl.config.ts, .mjs or .json)")
    .option("--env <name>", "environment: its part of the config overrides the rest")
    .addOption(new Option("--format <format>", "output format").choices(formats).default("table"))
    .addOption(new Option("--json", "short for --format json").conflicts("format"))
    .option("--output <file>", "write the result to a file; stdout stays empty")
    .addOption(
      new Option("--fail-on <severity>", "findings of this severity and above fail")
        .choices(["error", "warning", "never"])
        .default("error"),
    )
    .option("--baseline <file>", "accept the findings that this file knows; fail on others only")
    .option("--no-samples", "leave customers' data out: primary keys, tenants' ids and names, values")
    .option("--no-input", "never ask, even at a terminal")
    .option("--quiet", "no progress, no notes")
    .option("--verbose", "every finding with its remedy; how each fact was read")
    .option("--no-color", "no colour (NO_COLOR and FORCE_COLOR are obeyed too)");
}

/** The Prisma schema and what its words mean. */
export interface SchemaOptions {
  readonly schema?: string;
  readonly registry?: string;
  readonly tenantModel?: string;
  readonly tenantColumn?: string;
}

export function withSchemaOptions(command: Command): Command {
  return command
    .optionsGroup("Application:")
    .option("--schema <path>", "Prisma schema: a file or a folder (default: as Prisma finds it)")
    .option("--registry <path>", "registry module (default: the one that exports TENANT_SCOPED_MODELS)")
    .option("--tenant-model <name>", "the model that is a customer (default: inferred)")
    .option("--tenant-column <name>", "the field that points at it (default: inferred)");
}

export interface DatabaseOptions {
  readonly url?: string;
  readonly database?: string;
  readonly jobs?: number;
  readonly statementTimeout?: number;
  readonly timeout?: number;
  readonly deep?: boolean;
  readonly replica?: readonly string[];
}

export function withDatabaseOptions(command: Command): Command {
  return command
    .optionsGroup("Database:")
    .option("--url <reference>", "database: env:NAME, file:PATH or a URL (default: env:DATABASE_URL)")
    .option("--database <name>", "one of the config's databases (default: all of them)")
    .option("--jobs <number>", "connections at most (default: 4)", positiveInteger)
    .option("--statement-timeout <seconds>", "for one query (default: 600)", timeoutSeconds)
    .option("--timeout <seconds>", "for all of them together (default: 3600)", timeoutSeconds);
}

export interface AuditOptions {
  readonly require?: readonly CheckId[];
  readonly writeBaseline?: string | true;
}

/** What makes the audit a gate. */
export function withAuditOptions(command: Command): Command {
  return command
    .option("--require <checks>", `checks without which it is no pass: ${auditCheckIds.join(",")}`, checkList)
    .option("--write-baseline [file]", "accept what is found today: write it down, and pass");
}

export function withDeepOption(command: Command): Command {
  return command.option("--deep", "read the rows even where a constraint proves the answer");
}

/** The options that settle what a command works on. */
export function settingsOptions(
  options: CommonOptions & Partial<SchemaOptions> & Partial<DatabaseOptions>,
): SettingsOptions {
  const { config, env, schema, registry, tenantModel, tenantColumn } = options;
  const { url, database, jobs, statementTimeout, timeout, replica: replicas } = options;
  return {
    ...{ config, env, schema, registry, tenantModel, tenantColumn },
    ...{ url, database, jobs, statementTimeout, timeout, replicas },
  };
}

function checkList(text: string): CheckId[] {
  return text.split(",").map((name) => {
    const id = auditCheckIds.find((each) => each === name.trim());
    if (id) return id;
    throw new InvalidArgumentError(
      `There is no check ${name.trim()}; there are ${auditCheckIds.join(", ")}.`,
    );
  });
}

export function positiveInteger(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number <= mostJobs) return number;
  throw new InvalidArgumentError(`It has to be a whole number from 1 to ${mostJobs}.`);
}

export function timeoutSeconds(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= longestTimeout) return number;
  throw new InvalidArgumentError(`It has to be a number over 0, at most ${longestTimeout}.`);
}

/** A count that an option takes. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number <= 100_000) return number;
  throw new InvalidArgumentError("It has to be a whole number from 1 to 100,000.");
}

/** An option that may be given several times. */
export function collected(name: string, before: readonly string[] = []): string[] {
  return [...before, name];
}
