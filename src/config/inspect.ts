import { type Attempt, attempt } from "../findings/attempt.js";
import { shownPath } from "../findings/shown-path.js";
import { loadConfig } from "./load.js";
import type { Config } from "./schema.js";
import {
  type DatabaseTarget,
  databaseTargets,
  findRegistry,
  findSchema,
  forEnvironment,
  type SettingsOptions,
  tenantSection,
  withReferences,
} from "./settings.js";
import { readVariables, schemaFolder, type Variables } from "./variables.js";

/** The settings part by part, where one that is refused does not hide the others. */
export interface Inspection {
  /** The config's path as shown; undefined where there is none. */
  readonly file: Attempt<string | undefined>;
  /** Empty where it can't be read. */
  readonly config: Config;
  /** Absolute. */
  readonly schemaPath: Attempt<string>;
  /** Absolute; undefined where there is none. */
  readonly registryPath: Attempt<string | undefined>;
  readonly tenant: NonNullable<Config["tenant"]>;
  readonly databases: readonly DatabaseTarget[];
  /** Config or options name a database, so that it has to be there. */
  readonly namesDatabase: boolean;
  readonly variables: Variables;
  /** Folder that relative paths of config start from; absolute. */
  readonly base: string;
}

/**
 * Reads what `readSettings` reads, and goes on where that stops.
 *
 * @throws UsageError where `--env` or `--database` names what the config does not have.
 */
export async function inspectSettings(
  options: SettingsOptions,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Inspection> {
  const read = await attempt(() => loadConfig(cwd, options.config));
  const base = "value" in read ? read.value.base : cwd;
  const written = "value" in read ? forEnvironment(read.value.config, options.env) : {};
  const resolved = await attempt(() => withReferences(written, env, base));
  const config = "value" in resolved ? resolved.value : {};
  const file = "value" in read && !("value" in resolved) ? resolved : read;
  const schema = await attempt(() => findSchema(options, config, base, cwd));
  const found = "value" in schema ? schema.value : undefined;
  const variables = readVariables(env, [base, ...(found ? [found.project, schemaFolder(found.path)] : [])]);
  // Without its config, which databases there are is not known.
  const database = "value" in file ? options.database : undefined;
  return {
    file: "value" in file ? { value: pathShown(file.value.path, cwd) } : file,
    config,
    schemaPath: found ? { value: found.path } : (schema as Exclude<typeof schema, { value: unknown }>),
    registryPath: await attempt(() => findRegistry(options, config, base, found?.project, cwd)),
    tenant: tenantSection(options, config),
    databases: databaseTargets({ ...options, database }, config, base, cwd, variables, found?.urlVariable),
    namesDatabase:
      options.url !== undefined || config.database?.url !== undefined || config.databases !== undefined,
    ...{ variables, base },
  };
}

function pathShown(path: string | undefined, cwd: string): string | undefined {
  return path === undefined ? undefined : shownPath(path, cwd);
}
