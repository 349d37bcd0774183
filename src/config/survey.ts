import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { type Attempt, attempt } from "../findings/attempt.js";
import { type DiscoveredSchema, discoverRegistry, filesBelow } from "./discover.js";
import { configFileNames } from "./load.js";
import { readPrismaConfig } from "./prisma-config.js";
import { readVariables, schemaFolder } from "./variables.js";

/** Something that was looked for: where it is, or why there is none. Paths are relative to the folder. */
export type Found = { readonly path: string; readonly note?: string } | { readonly missing: string };

/** What a project has that a config can name. */
export interface Survey {
  readonly app: string | undefined;
  /** A config that is there already. */
  readonly config: string | undefined;
  readonly schema: Found;
  readonly migrations: Found;
  readonly prismaConfig: Found;
  readonly environment: Found;
  /** The variable that holds the database's URL, and whether it is set. */
  readonly urlVariable: string;
  readonly hasUrl: boolean;
  readonly registry: Found;
  readonly openapi: Found;
  readonly inventory: Found;
  readonly ecosystem: Found;
}

/**
 * Looks at a project's files; reads, runs and connects to nothing but those.
 *
 * @param schema as `discoverSchema` found it
 * @param declaredVariable variable that the schema's datasource names
 */
export async function surveyProject(
  folder: string,
  env: NodeJS.ProcessEnv,
  schema: Attempt<DiscoveredSchema>,
  declaredVariable: string | undefined,
): Promise<Survey> {
  const shown = (path: string) => relative(folder, path) || ".";
  const files = [...filesBelow(folder, 0)];
  const prismaConfig = readPrismaConfig(folder);
  const schemaPath = "value" in schema ? schema.value.path : undefined;
  const urlVariable = prismaConfig?.urlVariable ?? declaredVariable ?? "DATABASE_URL";
  const folders = schemaPath ? [folder, schemaFolder(schemaPath)] : [folder];
  const environment = folders.map((each) => join(each, ".env")).find((path) => existsSync(path));
  const registry = await attempt(() => discoverRegistry(folder, folder));
  const first = (isIt: (path: string) => boolean, missing: string): Found => {
    const [path, ...others] = files.filter(isIt).sort((left, right) => depth(left) - depth(right));
    if (path === undefined) return { missing };
    return { path: shown(path), ...(others.length ? { note: `and ${others.length} more like it` } : {}) };
  };
  return {
    app: packageName(folder),
    config: configFileNames.find((name) => existsSync(join(folder, name))),
    schema: "value" in schema ? { path: shown(schema.value.path) } : { missing: schema.problem },
    migrations: migrationsOf(schemaPath, shown),
    prismaConfig: prismaConfig ? { path: shown(prismaConfig.path) } : { missing: "none" },
    environment: environment
      ? { path: shown(environment), note: `its variables are read as Prisma reads them` }
      : { missing: "none" },
    urlVariable,
    hasUrl: Boolean(readVariables(env, folders).get(urlVariable)),
    registry:
      "problem" in registry
        ? { missing: registry.problem }
        : registry.value
          ? { path: shown(registry.value) }
          : { missing: "none exports TENANT_SCOPED_MODELS" },
    openapi: first(isOpenApi, "no openapi.json, openapi.yaml or swagger file"),
    inventory: first(isInventory, "no Ansible inventory"),
    ecosystem: first(isEcosystem, "no ecosystem.config.js or pm2 file"),
  };
}

function packageName(folder: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: unknown };
    return typeof name === "string" && name ? name : undefined;
  } catch {
    return undefined;
  }
}

function migrationsOf(schemaPath: string | undefined, shown: (path: string) => string): Found {
  if (schemaPath === undefined) return { missing: "none" };
  const beside = [schemaFolder(schemaPath), dirname(schemaFolder(schemaPath))].map((folder) =>
    join(folder, "migrations"),
  );
  const path = beside.find((folder) => existsSync(folder) && statSync(folder).isDirectory());
  return path ? { path: shown(path) } : { missing: "none beside the schema" };
}

function isOpenApi(path: string): boolean {
  if (!/\.(json|ya?ml)$/i.test(path)) return false;
  if (!/(openapi|swagger|api-?(docs|spec))/i.test(basename(path))) return false;
  return /["']?(openapi|swagger)["']?\s*:/.test(readFileSync(path, "utf8").slice(0, 4000));
}

function isInventory(path: string): boolean {
  const name = basename(path);
  if (/^(inventory|hosts)(\.(ini|ya?ml))?$/i.test(name)) return true;
  const parent = basename(dirname(path));
  return /^inventor(y|ies)$/i.test(parent) && /(\.(ini|ya?ml)|^[\w-]+)$/i.test(name);
}

function isEcosystem(path: string): boolean {
  return /^(ecosystem(\.[\w-]+)*|pm2(\.config)?|processes?)\.(c?js|mjs|json|ya?ml)$/i.test(basename(path));
}

function depth(path: string): number {
  return path.split(/[/\\]/).length;
}
