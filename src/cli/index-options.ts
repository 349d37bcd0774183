import { type Command, InvalidArgumentError, Option } from "commander";
import { longestTimeout } from "../config/limits.js";
import type { Lag } from "../indexes/index.js";
import type { ConsentFlags } from "./consent.js";
import { positiveInteger, timeoutSeconds } from "./options.js";

/** Options of all work on indexes. */
export interface IndexWorkFlags extends ConsentFlags {
  readonly url?: string;
  readonly database?: string;
  readonly jobs?: number;
  readonly dryRun?: boolean;
  readonly deadline: number;
  readonly retries: number;
  readonly maxWal?: number;
  readonly minFreeDisk?: number;
  readonly freeDisk?: number;
  readonly maxLag?: Lag;
  readonly maintenanceWorkMem?: string;
  readonly workers?: number;
}

/** Four hours: a blocker that never ends must not hold a pipeline for ever. */
const usualDeadline = 14_400;
const usualRetries = 3;

/** What every step on indexes understands. */
export function withIndexWorkOptions(command: Command): Command {
  return command
    .optionsGroup("Step:")
    .option("--dry-run", "say what would be done and whom it would wait for; change nothing")
    .option("--yes", "do it without asking")
    .option("--confirm <name>", "name the environment, where it is protected")
    .option(
      "--deadline <seconds>",
      "for one index with all its waits; then it is cancelled and cleaned up after",
      timeoutSeconds,
      usualDeadline,
    )
    .option("--retries <number>", "attempts after a deadlock or a lost connection", retries, usualRetries)
    .optionsGroup("Database:")
    .option("--url <reference>", "database: env:NAME, file:PATH or a URL (default: env:DATABASE_URL)")
    .option("--database <name>", "one of the config's databases (default: all of them)");
}

/** Bounds and means of builds. */
export function withBuildOptions(command: Command): Command {
  return command
    .option("--jobs <number>", "tables at once (default: 2)", positiveInteger)
    .option("--maintenance-work-mem <size>", "memory of each build, as PostgreSQL takes it: 1GB", memory)
    .addOption(new Option("--workers <number>", "parallel workers of each build").argParser(workers))
    .optionsGroup("Limits:")
    .option("--max-wal <size>", "stop when the server has written so much log: 20GB", bytes)
    .option("--max-lag <size|time>", "wait, or stop, where a replica is further behind: 500MB, 30s", lag)
    .option("--min-free-disk <size>", "stop before the server's disk has less free", bytes)
    .option("--free-disk <size>", "what it has free now, where that can't be read from here", bytes);
}

const units: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** `20GB`, `512 MB`, `8192`: bytes, in steps of 1,024 as PostgreSQL counts. */
export function bytes(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(text.trim()) ?? [];
  const value = Number(number) * (units[(unit ?? "").toLowerCase()] ?? Number.NaN);
  if (value > 0) return Math.round(value);
  throw new InvalidArgumentError("It has to be a size such as 512MB or 20GB.");
}

/** `500MB`, `30s`, `2min` */
export function lag(text: string): Lag {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h)$/i.exec(text.trim()) ?? [];
  if (number === undefined) return { bytes: bytes(text) };
  const seconds = Number(number) * { ms: 0.001, s: 1, min: 60, h: 3600 }[unit!.toLowerCase()]!;
  if (seconds > 0 && seconds <= longestTimeout) return { seconds };
  throw new InvalidArgumentError("It has to be a time such as 30s, or a size such as 500MB.");
}

function memory(text: string): string {
  if (/^\d+\s*(kB|MB|GB|TB)$/.test(text.trim())) return text.trim();
  throw new InvalidArgumentError("It has to be a size as PostgreSQL takes it, such as 512MB or 1GB.");
}

function retries(text: string): number {
  return wholeNumber(text, 100);
}

function workers(text: string): number {
  return wholeNumber(text, 1024);
}

function wholeNumber(text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new InvalidArgumentError(`It has to be a whole number from 0 to ${most}.`);
}
