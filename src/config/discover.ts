import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Modules } from "../adapters/static-module/modules.js";
import { UsageError } from "../findings/errors.js";
import { shownPath } from "../findings/shown-path.js";
import { readPrismaConfig } from "./prisma-config.js";
import { registryIn, usualName } from "./registry-module.js";

const usualSchemas = [
  "prisma/schema.prisma",
  "prisma/schema",
  "schema.prisma",
  "db/schema.prisma",
  "src/prisma/schema.prisma",
];
const skipped: ReadonlySet<string> = new Set([
  "node_modules",
  "dist",
  "build",
  "coverage",
  "generated",
  "migrations",
]);
const deepest = 6;

/** Where a project keeps its schema, and the variable that its database URL stands in. */
export interface DiscoveredSchema {
  /** Absolute; a file or a folder. */
  readonly path: string;
  readonly urlVariable?: string;
  /** The project's folder: the one with package.json or prisma.config.ts. */
  readonly project: string;
}

/**
 * Finds the Prisma schema as Prisma does: `prisma.config.ts`, `prisma.schema` of package.json, the usual
 * places; failing those, the only `.prisma` file below.
 *
 * @throws UsageError where there is none, or several that may be meant.
 */
export function discoverSchema(folder: string, cwd: string): DiscoveredSchema {
  const project = projectFolder(folder);
  const config = readPrismaConfig(project);
  const urlVariable = config?.urlVariable === undefined ? {} : { urlVariable: config.urlVariable };
  const named = config?.schema ?? packageSchema(project);
  const usual = usualSchemas.map((path) => join(project, path)).find((path) => holdsSchema(path));
  if (named ?? usual) return { path: (named ?? usual)!, project, ...urlVariable };
  const found = [...filesBelow(project, 0)].filter((path) => path.endsWith(".prisma"));
  const mains = found.filter((path) => /^\s*datasource\s+\w+\s*\{/m.test(readFileSync(path, "utf8")));
  const [only, ...others] = mains.length ? mains : found;
  if (only && others.length === 0) return { path: only, project, ...urlVariable };
  throw new UsageError(
    only
      ? `several Prisma schemas may be meant: ${[only, ...others]
          .slice(0, 5)
          .map((path) => shownPath(path, cwd))
          .join(", ")}`
      : `no Prisma schema found in ${shownPath(project, cwd)}`,
    only ? `name one: --schema ${shownPath(only, cwd)}` : "name it: --schema path/to/schema.prisma",
  );
}

/** The nearest folder upwards that is a project; where there is none, the folder itself. */
function projectFolder(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json")) || readPrismaConfigPath(at)) return at;
    if (at === dirname(at) || existsSync(join(at, ".git"))) return folder;
  }
}

function readPrismaConfigPath(folder: string): boolean {
  return existsSync(join(folder, "prisma.config.ts")) || existsSync(join(folder, "prisma"));
}

function packageSchema(project: string): string | undefined {
  try {
    const { prisma } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
    return typeof prisma?.schema === "string" ? resolve(project, prisma.schema) : undefined;
  } catch {
    return undefined;
  }
}

function holdsSchema(path: string): boolean {
  if (!existsSync(path)) return false;
  return path.endsWith(".prisma") || readdirSync(path).some((name) => name.endsWith(".prisma"));
}

const source = /\.(ts|mts|cts|js|mjs|cjs)$/;
const notSource = /\.(test|spec|d)\.\w+$/;

/**
 * The module below that exports a registry, whatever it is called; undefined where there is none.
 *
 * @throws UsageError where several do.
 */
export function discoverRegistry(project: string, cwd: string): string | undefined {
  const modules = new Modules((path) => path);
  const sources = [...filesBelow(project, 0)].filter((path) => source.test(path) && !notSource.test(path));
  const registriesIn = (paths: readonly string[]) =>
    paths.flatMap((path) => {
      const kind = registryIn(path, modules);
      return kind ? [{ path, kind }] : [];
    });
  // Its name mostly says what it is, and then few files have to be read.
  const named = registriesIn(sources.filter((path) => usualName.test(basename(path))));
  const found = named.length ? named : registriesIn(sources);
  // A file that only passes another's lists on (an index.ts) is not a second registry.
  const own = found.filter(({ kind }) => kind === "own");
  const [only, ...others] = (own.length ? own : found).map(({ path }) => path);
  if (others.length === 0) return only;
  throw new UsageError(
    `several modules may be the registry: ${[only!, ...others]
      .slice(0, 5)
      .map((path) => shownPath(path, cwd))
      .join(", ")}`,
    `name one: --registry ${shownPath(only!, cwd)}, or registry in tenantctl.config.ts`,
  );
}

export function* filesBelow(folder: string, depth: number): Generator<string> {
  let entries: import("node:fs").Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    if (skipped.has(entry.name) || entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && depth < deepest) yield* filesBelow(path, depth + 1);
  }
}
