import { resolveSecret, type Secret } from "../config/secret.js";
import type { Settings } from "../config/settings.js";
import { UsageError } from "../findings/errors.js";
import { isReference, type Plain, placeholdersIn, type Values, type Workflow } from "../smoke/index.js";

/** What config gives the workflows, with the secrets that it only names. */
export interface GivenValues {
  readonly given: (tenant: string) => Values;
  readonly tokenOf: (user: string, tenant: string) => string | undefined;
  /** By name: no output may hold them. */
  readonly knownSecrets: ReadonlyMap<string, string>;
}

/**
 * Resolves what the chosen workflows use, and nothing else: a variable that only another workflow needs may be
 * missing.
 *
 * @throws UsageError where a variable is not set, or a tenant has no value or no token.
 */
export function readGivenValues(
  { smoke, variables, base }: Pick<Settings, "smoke" | "variables" | "base">,
  workflows: readonly Workflow[],
  tenants: readonly string[],
): GivenValues {
  const secrets = new Map<string, string>();
  const resolved = (value: Plain, what: string): Plain => {
    if (typeof value !== "string" || !isReference(value)) return value;
    const secret: Secret = resolveSecret(value, what, variables, base);
    secrets.set(what, secret.reveal());
    return secret.reveal();
  };
  const names = placeholdersIn(workflows);
  const valueFor = (name: string, tenant: string): [string, Plain][] => {
    if (isReference(name)) return [[name, resolved(name, name)]];
    const value = smoke.values?.[name];
    if (value === undefined) return [];
    const own = typeof value === "object" ? value[tenant] : value;
    if (own === undefined) throw missing(`smoke.values.${name}`, tenant);
    return [[name, resolved(own, `smoke.values.${name}.${tenant}`)]];
  };
  const values = new Map(
    tenants.map((tenant) => [tenant, new Map(names.flatMap((name) => valueFor(name, tenant)))]),
  );
  const users = new Set(
    workflows
      .flatMap(({ steps, cleanup }) => [...steps, ...cleanup])
      .flatMap(({ as }) => (as.kind === "user" ? [as.name] : [])),
  );
  const tokens = new Map<string, string>();
  for (const user of users) {
    for (const tenant of tenants) {
      const reference = smoke.users?.[user]?.[tenant];
      if (reference === undefined) throw missing(`smoke.users.${user}`, tenant);
      const token = resolveSecret(reference, `smoke.users.${user}.${tenant}`, variables, base).reveal();
      tokens.set(`${user} ${tenant}`, token);
      secrets.set(`${tenant}_${user}`, token);
    }
  }
  return {
    given: (tenant) => values.get(tenant)!,
    tokenOf: (user, tenant) => tokens.get(`${user} ${tenant}`),
    knownSecrets: secrets,
  };
}

function missing(place: string, tenant: string): UsageError {
  return new UsageError(
    `${place} has nothing for tenant ${tenant}`,
    `add it: ${place.split(".").at(-1)}: { …, ${tenant}: "…" }`,
  );
}
