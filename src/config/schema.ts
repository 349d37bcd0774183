import * as v from "valibot";
import { ruleIds } from "../findings/rules.js";
import { fleet } from "./fleet.js";
import { longestTimeout, mostConnections, mostJobs } from "./limits.js";
import { notify } from "./notify.js";
import { smoke } from "./smoke.js";

const text = v.pipe(v.string(), v.trim(), v.minLength(1, "it is empty"));
/** A section of a later version: accepted as it is, read by the command that it belongs to. */
const laterSection = v.optional(v.looseObject({}));

const seconds = v.pipe(v.number(), v.gtValue(0), v.maxValue(longestTimeout));

function isAttribution(pattern: string): boolean {
  try {
    new RegExp(pattern, "iu");
  } catch {
    return false;
  }
  return pattern.includes("(?<tenant>");
}
const invariant = v.strictObject({
  name: text,
  sql: text,
  /** `unchanged` where it is not given. */
  expect: v.optional(v.picklist(["unchanged", "no rows"])),
});

const database = v.strictObject({
  url: v.optional(text),
  /** URLs of its physical replicas: what indexes do there counts too. */
  replicas: v.optional(v.array(text)),
  /** PostgreSQL schema of the models that name none. */
  schema: v.optional(text),
  jobs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostJobs))),
  /** Seconds that one statement may run. */
  statementTimeout: v.optional(seconds),
  /** Seconds that all of them together may run. */
  timeout: v.optional(seconds),
  /** For names of applications: a regular expression with a group `tenant`. */
  attribution: v.optional(
    v.pipe(text, v.check(isAttribution, "it has to be a regular expression with a group (?<tenant>…)")),
  ),
  /** Questions whose answers must not change from one snapshot to the next, or must be empty. */
  invariants: v.optional(
    v.pipe(
      v.array(invariant),
      v.check((all) => new Set(all.map(({ name }) => name)).size === all.length, "two have the same name"),
    ),
  ),
});

const suppression = v.strictObject({
  rule: v.picklist(ruleIds),
  model: v.optional(text),
  table: v.optional(text),
  column: v.optional(text),
  field: v.optional(text),
  index: v.optional(text),
  constraint: v.optional(text),
  route: v.optional(text),
  workflow: v.optional(text),
  step: v.optional(text),
  statement: v.optional(text),
  role: v.optional(text),
  limit: v.optional(text),
  host: v.optional(text),
  reason: text,
  until: v.optional(v.pipe(v.string(), v.isoDate())),
});

/** A tenant of the API; its id and token are references, or stand here. */
const apiTenant = v.strictObject({
  /** May be missing where the login says it. */
  id: v.optional(text),
  token: v.optional(text),
  /** In place of a token: what the login's body has placeholders for. */
  credentials: v.optional(v.record(text, text)),
  /** More users of the tenant, by their role: a token, or credentials. */
  users: v.optional(v.record(text, v.union([text, v.record(text, text)]))),
  /** Ids of its units: that of the token's user first, then those that it may not use. */
  subScopes: v.optional(v.array(text)),
});

/** How tenants sign in that have credentials and no token. */
const login = v.strictObject({
  request: v.pipe(v.string(), v.regex(/^[A-Z]+ \/\S*$/, "write it as POST /login")),
  body: v.optional(v.unknown()),
  token: text,
  tenant: v.optional(text),
});

/** What config adds to the OpenAPI document, or corrects in it. */
const resource = v.strictObject({
  path: v.pipe(text, v.startsWith("/")),
  item: v.optional(v.pipe(text, v.startsWith("/"))),
  list: v.optional(v.boolean()),
  read: v.optional(v.boolean()),
  /** A body that the API takes; `false` where there is no such route. */
  create: v.optional(v.union([v.looseObject({}), v.literal(false)])),
  update: v.optional(v.union([v.looseObject({}), v.literal(false)])),
  remove: v.optional(v.boolean()),
  /** Why it is left alone. */
  skip: v.optional(text),
});

const isolation = v.strictObject({
  baseUrl: v.optional(text),
  tenantHeader: v.optional(v.string()),
  tokenHeader: v.optional(text),
  tokenScheme: v.optional(v.string()),
  tenants: v.optional(v.record(text, apiTenant)),
  /** For checks of every route. */
  openapi: v.optional(text),
  subScopeHeader: v.optional(text),
  shared: v.optional(v.array(text)),
  /** Routes that need no probe, with the reason. */
  unprobed: v.optional(v.record(text, text)),
  resources: v.optional(v.array(resource)),
  login: v.optional(login),
  /** Requests a second at most. */
  rate: v.optional(v.pipe(v.number(), v.gtValue(0))),
});

const positive = v.pipe(v.number(), v.gtValue(0));
const headers = v.record(text, text);

/** What puts a server into a mode: a command without a shell, a request, or headers that each request bears. */
const turn = v.union([
  v.pipe(v.array(text), v.minLength(1, "it names no program")),
  v.strictObject({ headers }),
  v.strictObject({
    request: v.strictObject({
      method: v.optional(text),
      path: text,
      headers: v.optional(headers),
      body: v.optional(v.unknown()),
    }),
  }),
]);

const load = v.strictObject({
  baseline: v.optional(text),
  candidate: v.optional(text),
  /** `GET /api/v1/assets`, or with a body. */
  routes: v.optional(
    v.array(v.union([text, v.strictObject({ route: text, body: v.optional(v.unknown()) })])),
  ),
  connections: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostConnections))),
  /** Requests a second. */
  rate: v.optional(positive),
  blocks: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2), v.multipleOf(2))),
  /** Seconds. */
  blockDuration: v.optional(positive),
  warmup: v.optional(v.pipe(v.number(), v.minValue(0))),
  marginMs: v.optional(positive),
  /** Percentage points. */
  errorMargin: v.optional(positive),
  /** Other methods than GET and HEAD may be sent. */
  unsafe: v.optional(v.boolean()),
  switch: v.optional(
    v.strictObject({
      baseline: turn,
      candidate: turn,
      health: v.optional(
        v.strictObject({ path: text, key: text, baseline: v.string(), candidate: v.string() }),
      ),
      /** Seconds. */
      timeout: v.optional(seconds),
    }),
  ),
});

const tenant = v.strictObject({
  model: v.optional(text),
  column: v.optional(text),
  subScopes: v.optional(v.array(v.strictObject({ model: text, column: v.optional(text) }))),
});

const sections = {
  app: v.optional(text),
  tenant: v.optional(tenant),
  schema: v.optional(text),
  registry: v.optional(text),
  database: v.optional(database),
  databases: v.optional(v.record(text, database)),
  rules: v.optional(v.record(v.picklist(ruleIds), v.picklist(["error", "warning", "info", "off"]))),
  suppress: v.optional(v.array(suppression)),
  protected: v.optional(v.boolean()),
  isolation: v.optional(isolation),
  fleet: v.optional(fleet),
  build: laterSection,
  rollout: laterSection,
  state: v.optional(v.strictObject({ dir: v.optional(text), url: v.optional(text) })),
  smoke: v.optional(smoke),
  load: v.optional(load),
  notify: v.optional(notify),
  logs: laterSection,
  monitoring: laterSection,
  signoff: laterSection,
};

/** `tenantctl.config.ts`, validated. Unknown keys are refused. */
const configSchema = v.strictObject({
  ...sections,
  environments: v.optional(v.record(text, v.strictObject(sections))),
});

/** What `defineConfig` takes. */
export type Config = v.InferOutput<typeof configSchema>;

/** Validates config data: the config, or what is wrong with it, one line a problem. */
export function checkConfig(
  data: unknown,
  suggest: (key: string, known: readonly string[]) => string,
): { config: Config } | { problems: string[] } {
  const result = v.safeParse(configSchema, data);
  if (result.success) return { config: result.output };
  return { problems: result.issues.map((issue) => describe(issue, suggest)) };
}

function describe(
  issue: v.BaseIssue<unknown>,
  suggest: (key: string, known: readonly string[]) => string,
): string {
  const keys = (issue.path ?? []).map((item) => String(item.key));
  const place = keys.join(".") || "the config";
  const isUnknownKey = issue.type === "strict_object" && issue.expected === "never";
  const isRuleName = issue.type === "picklist" && issue.path?.at(-1)?.origin === "key";
  const parent = keys.slice(0, -1).join(".") || "the config";
  if (isUnknownKey)
    return `${parent} has no key ${keys.at(-1)}${suggest(keys.at(-1)!, knownKeys(keys.slice(0, -1)))}`;
  if (isRuleName) return `${parent}: there is no rule ${keys.at(-1)}${suggest(keys.at(-1)!, ruleIds)}`;
  if (issue.type === "picklist") {
    const given = String(issue.input);
    const known = issue.expected?.match(/"[^"]+"/g)?.map((word) => word.slice(1, -1)) ?? [];
    return `${place}: there is no ${given}${suggest(given, known)}`;
  }
  const isInWords = issue.type === "min_length" || !issue.expected;
  return `${place}: ${isInWords ? issue.message : `expected ${issue.expected}, got ${issue.received}`}`;
}

interface Definition {
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly wrapped?: unknown;
  readonly item?: unknown;
  readonly value?: unknown;
  readonly getter?: (input: object) => unknown;
}

/** Names that are allowed at a place of the config. */
function knownKeys(path: readonly string[]): string[] {
  let at = unwrapped(configSchema);
  for (const key of path) {
    // One object may stand for a list of one.
    const isIndex = /^\d+$/.test(key) && at?.entries !== undefined;
    if (!isIndex) at = unwrapped(at?.entries?.[key] ?? at?.item ?? at?.value);
  }
  return Object.keys(at?.entries ?? {});
}

function unwrapped(schema: unknown): Definition | undefined {
  const definition = schema as Definition | undefined;
  if (definition?.wrapped !== undefined) return unwrapped(definition.wrapped);
  // Of several shapes, the one that has keys.
  return definition?.getter ? unwrapped(definition.getter({})) : definition;
}
