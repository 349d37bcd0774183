import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { NotStatic, plainValue, StaticEvaluator } from "../adapters/static-module/evaluate.js";
import { SourceError } from "../adapters/static-module/source.js";
import { UsageError } from "../findings/errors.js";
import { nearestName } from "../findings/nearest.js";
import { shownPath } from "../findings/shown-path.js";
import { env, file } from "./references.js";
import type { Config } from "./schema.js";

/** Names of the config, in order of preference. */
export const configFileNames = ["ts", "mts", "mjs", "js", "json"].map(
  (extension) => `tenantctl.config.${extension}`,
);

export interface LoadedConfig {
  /** Absolute path of the file, or undefined where there is none. */
  readonly path: string | undefined;
  /** Folder that relative paths in it start from. */
  readonly base: string;
  readonly config: Config;
}

/**
 * Finds and reads `tenantctl.config.*`: the file named, else the nearest one upwards. Without one, an empty
 * config.
 *
 * @throws UsageError where it can't be read, throws, or does not fit, with the key and the nearest known one.
 */
export async function loadConfig(cwd: string, named?: string): Promise<LoadedConfig> {
  const path = named === undefined ? findUpwards(cwd) : resolve(cwd, named);
  if (path === undefined) return { path: undefined, base: cwd, config: {} };
  const shown = shownPath(path, cwd);
  if (!existsSync(path)) {
    throw new UsageError(
      `there is no config file ${shown}`,
      "check --config, or write one: tenantctl.config.ts",
    );
  }
  const data = path.endsWith(".json") ? readJson(path, shown) : await readModule(path, shown);
  return { path, base: dirname(path), config: await parseConfig(data, shown) };
}

function findUpwards(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = configFileNames.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (found || folder === dirname(folder)) return found;
    // A repository is a project: its parent folder's config is another's.
    if (existsSync(join(folder, ".git"))) return undefined;
  }
}

function readJson(path: string, shown: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(
      `can't read the config file ${shown}: ${(error as Error).message}`,
      "it has to be one JSON object",
    );
  }
}

/**
 * Most configs are one object literal, which is read without running it: that is 200 ms and 70 MB cheaper
 * than a TypeScript loader. The others are the user's own code and run as such.
 */
async function readModule(path: string, shown: string): Promise<unknown> {
  try {
    const evaluator = new StaticEvaluator((each) => each, { env, file });
    const module = evaluator.module(path);
    const value = evaluator.exported(module, "default");
    if (value) return plainValue(value);
    if (module.exports.size === 0 && module.reexportsAll.length === 0) {
      // It may throw, which is the better message.
      await runModule(path, shown);
      throw exportsNothing(shown);
    }
  } catch (error) {
    if (error instanceof SourceError && error.line !== undefined) {
      throw new UsageError(
        `${shown}:${error.line}: syntax error: ${error.message}`,
        "mend it, then run the same command again",
      );
    }
    if (!(error instanceof NotStatic || error instanceof SourceError)) throw error;
  }
  return runModule(path, shown);
}

function exportsNothing(shown: string): UsageError {
  return new UsageError(
    `the config file ${shown} exports nothing`,
    'it has to export one object: export default defineConfig({ … }) from "tenantctl"',
  );
}

/** `tenantctl` resolves to this very package, installed beside the config or not. */
async function runModule(path: string, shown: string): Promise<unknown> {
  const { createJiti } = createRequire(import.meta.url)("jiti") as typeof import("jiti");
  const jiti = createJiti(path, {
    alias: { tenantctl: fileURLToPath(new URL("../index.js", import.meta.url)) },
    fsCache: false,
    interopDefault: true,
  });
  try {
    return await jiti.import(path, { default: true });
  } catch (error) {
    throw new UsageError(
      `the config file ${shown} throws: ${(error as Error).message}`,
      'it has to export one object: export default defineConfig({ … }) from "tenantctl"',
    );
  }
}

/** Validates config data; `shown` names it in errors. */
async function parseConfig(data: unknown, shown: string): Promise<Config> {
  const { checkConfig } = await import("./schema.js");
  const result = checkConfig(data, suggestion);
  if ("config" in result) return result.config;
  throw new UsageError(
    `the config file ${shown} is not valid:\n  ${result.problems.slice(0, 5).join("\n  ")}`,
    "correct the keys named; docs/configuration.md lists them all",
  );
}

function suggestion(key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known);
  return nearest === undefined ? ` (known: ${known.join(", ")})` : `, did you mean ${nearest}?`;
}
