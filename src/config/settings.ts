import { resolve } from "node:path";
import { type Attempt, attempt } from "../findings/attempt.js";
import { UsageError } from "../findings/errors.js";
import type { SeverityOverrides, Subject } from "../findings/finding.js";
import { nearestName } from "../findings/nearest.js";
import type { Suppression } from "../findings/suppress.js";
import { discoverRegistry, discoverSchema } from "./discover.js";
import { loadConfig } from "./load.js";
import { readPrismaConfig } from "./prisma-config.js";
import type { Config } from "./schema.js";
import { resolveSecret, type Secret } from "./secret.js";
import { readVariables, schemaFolder, type Variables } from "./variables.js";

/** Options of the command line that override config. */
export interface SettingsOptions {
  readonly config?: string | undefined;
  readonly env?: string | undefined;
  readonly schema?: string | undefined;
  readonly registry?: string | undefined;
  readonly url?: string | undefined;
  readonly database?: string | undefined;
  readonly tenantModel?: string | undefined;
  readonly tenantColumn?: string | undefined;
  readonly jobs?: number | undefined;
  readonly statementTimeout?: number | undefined;
  readonly timeout?: number | undefined;
  /** In place of those of config. */
  readonly replicas?: readonly string[] | undefined;
}

/** One database to audit, not yet connected to. */
export interface DatabaseTarget {
  /** Its key in `databases`, where there are several. */
  readonly name: string | undefined;
  /** Schema of the models that name none, where config sets it. */
  readonly schema: string | undefined;
  readonly jobs: number;
  /** For one statement, in milliseconds. */
  readonly statementTimeout: number;
  /** For all of them together, in milliseconds. */
  readonly timeout: number;
  /** Pattern by which names of applications say their tenant, where config has one. */
  readonly attribution: string | undefined;
  /** Questions of its own, as config has them. */
  readonly invariants: NonNullable<NonNullable<Config["database"]>["invariants"]>;
  /**
   * @param declaredVariable variable that the Prisma schema's datasource names
   * @throws UsageError where no URL is known.
   */
  url(declaredVariable?: string): Secret;
  /**
   * Of its replicas.
   *
   * @throws UsageError where a variable is not set or a file can't be read.
   */
  replicaUrls(): Secret[];
}

/** Everything that commands ask of config, options and the project's own files. */
export interface Settings {
  readonly app: string | undefined;
  readonly environment: string;
  /**
   * Absolute.
   *
   * @throws UsageError where there is none, or several may be meant.
   */
  schemaPath(): string;
  /**
   * Absolute; undefined where there is none.
   *
   * @throws UsageError where several modules may be meant.
   */
  registryPath(): string | undefined;
  readonly tenant: NonNullable<Config["tenant"]>;
  readonly severities: SeverityOverrides;
  readonly suppressions: readonly Suppression[];
  readonly databases: readonly DatabaseTarget[];
  readonly isolation: NonNullable<Config["isolation"]>;
  readonly smoke: NonNullable<Config["smoke"]>;
  readonly load: NonNullable<Config["load"]>;
  readonly fleet: NonNullable<Config["fleet"]>;
  /** Folder of journals and the like, as config names it. */
  readonly stateFolder: string | undefined;
  /**
   * Where a team keeps its state, if config names a database for it.
   *
   * @throws UsageError where the reference leads nowhere.
   */
  stateUrl(): Secret | undefined;
  readonly notify: NonNullable<Config["notify"]>;
  /** What config says: undefined where it says nothing. */
  readonly isProtected: boolean | undefined;
  readonly variables: Variables;
  /** Folder that relative paths of config start from; absolute. */
  readonly base: string;
}

const defaultJobs = 4;
const defaultStatementTimeout = 600;
const defaultTimeout = 3600;

/**
 * Settles what a command works on: options first, then the environment's part of config, then config, then
 * what the project's files show.
 *
 * @throws UsageError where something named does not exist or does not fit.
 */
export async function readSettings(
  options: SettingsOptions,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Settings> {
  const { config: whole, base } = await loadConfig(cwd, options.config);
  const written = forEnvironment(whole, options.env);
  const config = withReferences(written, env, base);
  // Not every command needs one.
  const schema = await attempt(() => findSchema(options, config, base, cwd));
  const found = "value" in schema ? schema.value : undefined;
  const variables = readVariables(env, [base, ...(found ? [found.project, schemaFolder(found.path)] : [])]);
  let registry: string | undefined;
  return {
    app: config.app,
    environment: options.env ?? "default",
    schemaPath: () => orThrow(schema).path,
    registryPath: () => {
      // Without a schema there is no project to look for one in.
      if (options.registry === undefined && config.registry === undefined) orThrow(schema);
      registry ??= findRegistry(options, config, base, found?.project, cwd);
      return registry;
    },
    tenant: tenantSection(options, config),
    severities: (config.rules ?? {}) as SeverityOverrides,
    suppressions: (config.suppress ?? []).map(toSuppression),
    databases: databaseTargets(options, config, base, cwd, variables, found?.urlVariable),
    isolation: config.isolation ?? {},
    smoke: config.smoke ?? {},
    load: config.load ?? {},
    fleet: config.fleet ?? {},
    stateFolder: config.state?.dir,
    stateUrl: () =>
      config.state?.url === undefined
        ? undefined
        : resolveSecret(config.state.url, "state.url", variables, base),
    notify: config.notify ?? {},
    isProtected: config.protected,
    variables,
    base,
  };
}

function orThrow<Value>(tried: Attempt<Value>): Value {
  if ("value" in tried) return tried.value;
  throw new UsageError(tried.problem, tried.hint);
}

/** Sections whose plain texts may stand in the environment or a file. URLs stay references until they are used. */
const referring = ["app", "schema", "registry", "tenant", "database", "databases"] as const;

/**
 * The config with the plain texts that it only refers to.
 *
 * @throws UsageError where a variable is not set or a file can't be read.
 */
export function withReferences(config: Config, env: NodeJS.ProcessEnv, base: string): Config {
  let variables: Variables | undefined;
  const resolved = (value: unknown, what: string): unknown => {
    if (typeof value === "string") {
      if (!/^(env|file):/.test(value)) return value;
      // Most configs refer to nothing but URLs: then no `.env` is read for it.
      variables ??= readVariables(env, [base]);
      return resolveSecret(value, what, variables, base).reveal();
    }
    if (Array.isArray(value)) return value.map((item, index) => resolved(item, `${what}.${index}`));
    if (!isPlain(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        key === "url" || key === "replicas" ? item : resolved(item, `${what}.${key}`),
      ]),
    );
  };
  const parts = referring.flatMap((key) =>
    config[key] === undefined ? [] : [[key, resolved(config[key], key)]],
  );
  return { ...config, ...Object.fromEntries(parts) } as Config;
}

/** The config with the part of an environment merged over it. */
export function forEnvironment(config: Config, name: string | undefined): Config {
  const { environments = {}, ...common } = config;
  if (name === undefined) return common;
  const override = environments[name];
  if (!override) {
    const known = Object.keys(environments);
    if (known.length === 0)
      throw new UsageError(
        `there is no environment ${name}: config has no environments`,
        `leave --env out, or add it: environments: { ${name}: { database: { url: env("…") } } }`,
      );
    const nearest = nearestName(name, known);
    throw new UsageError(
      `config has no environment ${name}`,
      nearest ? `did you mean --env ${nearest}?` : `it has ${known.join(", ")}`,
    );
  }
  return merge(common, override) as Config;
}

type Plain = Record<string, unknown>;

/** Objects are merged key by key; lists and values replace. */
function merge(under: Plain, over: Plain): Plain {
  const result: Plain = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    if (value !== undefined) result[key] = isPlain(value) && isPlain(below) ? merge(below, value) : value;
  }
  return result;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Where the schema is: as named, else as Prisma finds it. */
export function findSchema(options: SettingsOptions, config: Config, base: string, cwd: string) {
  const named = options.schema ?? config.schema;
  if (named === undefined) return discoverSchema(base, cwd);
  const project = options.schema ? cwd : base;
  const urlVariable = readPrismaConfig(project)?.urlVariable;
  return { path: resolve(project, named), project, ...(urlVariable ? { urlVariable } : {}) };
}

/** Where the registry is: as named, else where the project has one; undefined where there is none. */
export function findRegistry(
  options: SettingsOptions,
  config: Config,
  base: string,
  project: string | undefined,
  cwd: string,
): string | undefined {
  const named = options.registry ?? config.registry;
  if (named !== undefined) return resolve(options.registry ? cwd : base, named);
  return project === undefined ? undefined : discoverRegistry(project, cwd);
}

/** What config says of the tenant, with the options' word over it. */
export function tenantSection(
  { tenantModel, tenantColumn }: SettingsOptions,
  config: Config,
): NonNullable<Config["tenant"]> {
  return {
    ...config.tenant,
    ...(tenantModel === undefined ? {} : { model: tenantModel }),
    ...(tenantColumn === undefined ? {} : { column: tenantColumn }),
  };
}

function toSuppression({
  rule,
  reason,
  until,
  ...subject
}: NonNullable<Config["suppress"]>[number]): Suppression {
  const named = Object.entries(subject).filter(([, value]) => value !== undefined);
  return { rule, reason, until, subjects: [Object.fromEntries(named) as Subject] };
}

/** The databases that are meant, not yet connected to. */
export function databaseTargets(
  options: SettingsOptions,
  config: Config,
  base: string,
  cwd: string,
  variables: Variables,
  urlVariable: string | undefined,
): DatabaseTarget[] {
  const target = (name: string | undefined, section: Config["database"]): DatabaseTarget => ({
    name,
    schema: section?.schema,
    jobs: options.jobs ?? section?.jobs ?? defaultJobs,
    statementTimeout:
      (options.statementTimeout ?? section?.statementTimeout ?? defaultStatementTimeout) * 1000,
    timeout: (options.timeout ?? section?.timeout ?? defaultTimeout) * 1000,
    attribution: section?.attribution,
    invariants: section?.invariants ?? [],
    url: (declaredVariable) => {
      if (options.url !== undefined) return resolveSecret(options.url, "--url", variables, cwd);
      const what = name === undefined ? "database.url" : `databases.${name}.url`;
      if (section?.url !== undefined) return resolveSecret(section.url, what, variables, base);
      return defaultUrl(variables, urlVariable ?? declaredVariable);
    },
    replicaUrls: () =>
      options.replicas
        ? options.replicas.map((each) => resolveSecret(each, "--replica", variables, cwd))
        : replicasOf(section).map((each) =>
            resolveSecret(each, `${name ? `databases.${name}` : "database"}.replicas`, variables, base),
          ),
  });
  // A URL that stands on the command line is not the one whose replicas config names.
  const replicasOf = (section: Config["database"]) =>
    options.url === undefined ? (section?.replicas ?? []) : [];
  if (options.database !== undefined && !config.databases) {
    throw new UsageError(
      `config has no database ${options.database}: it has no section databases`,
      'add it: databases: { NAME: { url: env("…") } }, or leave --database out',
    );
  }
  if (options.url !== undefined || !config.databases) return [target(undefined, config.database)];
  const all = Object.entries(config.databases);
  const chosen = options.database === undefined ? all : all.filter(([name]) => name === options.database);
  if (chosen.length > 0)
    return chosen.map(([name, section]) => target(name, { ...config.database, ...section }));
  throw new UsageError(
    `config has no database ${options.database}`,
    `it has ${all.map(([name]) => name).join(", ")}: --database NAME`,
  );
}

/** The variable that the Prisma schema or its config names, else DATABASE_URL. */
function defaultUrl(variables: Variables, named: string | undefined): Secret {
  for (const name of new Set([named ?? "DATABASE_URL", "DATABASE_URL"])) {
    if (variables.get(name)) return resolveSecret(`env:${name}`, "the database", variables, ".");
  }
  throw new UsageError(
    `no database is named: ${named ?? "DATABASE_URL"} is not set, and there is no --url and no database.url in config`,
    "export DATABASE_URL=postgresql://…, or --url env:NAME (a file: --url file:PATH); tenantctl registry validate needs none",
  );
}
