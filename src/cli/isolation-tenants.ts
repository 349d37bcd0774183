import { resolveSecret } from "../config/secret.js";
import type { Settings } from "../config/settings.js";
import { UsageError } from "../findings/errors.js";
import type { Actor } from "../isolation/index.js";

/**
 * The tenants that config names, or those of the environment: `TENANT_A` and `TOKEN_A`, `TENANT_B` and, where
 * there is one, `TOKEN_B`. The first one tries for the data of the others.
 *
 * @param more letters of further tenants of the environment, taken where they are set
 * @throws UsageError where there are not two, or the first has no token.
 */
export function readTenants(
  settings: Settings,
  more: readonly string[] = [],
): [attacker: Actor, ...victims: Actor[]] {
  const { variables } = settings;
  const actors = settings.isolation.tenants
    ? tenantsOfConfig(settings)
    : ["A", "B", ...more.filter((letter) => variables.get(`TENANT_${letter}`))].map((letter) => ({
        name: letter.toLowerCase(),
        tenantId: required(variables.get(`TENANT_${letter}`), `TENANT_${letter}`),
        token:
          letter === "A" ? required(variables.get("TOKEN_A"), "TOKEN_A") : variables.get(`TOKEN_${letter}`),
      }));
  const [attacker, ...victims] = actors;
  if (!attacker || victims.length === 0) {
    throw new UsageError(
      "isolation.tenants names fewer than two tenants",
      'name two: tenants: { a: { id: env("TENANT_A"), token: env("TOKEN_A") }, b: { … } }',
    );
  }
  if (!attacker.token) {
    throw new UsageError(
      `tenant ${attacker.name} has no token`,
      "give the first tenant of isolation.tenants a token",
    );
  }
  return [attacker, ...victims];
}

/** Those of the same tenants whose requests are answered: they have a token. There may be none. */
export function tenantsWithToken(settings: Settings): Actor[] {
  const { isolation, variables } = settings;
  const actors = isolation.tenants
    ? tenantsOfConfig(settings)
    : ["A", "B"].map((letter) => ({
        name: letter.toLowerCase(),
        tenantId: variables.get(`TENANT_${letter}`) ?? "",
        token: variables.get(`TOKEN_${letter}`),
      }));
  return actors.filter(({ tenantId, token }) => tenantId && token);
}

function tenantsOfConfig({ isolation, variables, base }: Settings): Actor[] {
  return Object.entries(isolation.tenants ?? {}).map(([name, { id, token }]) => ({
    name,
    tenantId: resolveSecret(id, `isolation.tenants.${name}.id`, variables, base).reveal(),
    token: token && resolveSecret(token, `isolation.tenants.${name}.token`, variables, base).reveal(),
  }));
}

const meanings: Readonly<Record<string, string>> = {
  TENANT_A: "the id of the tenant that tries",
  TOKEN_A: "a token of one of its users",
  TENANT_B: "the id of the tenant whose data should stay hidden",
};

function required(value: string | undefined, name: string): string {
  if (value) return value;
  throw new UsageError(
    `${name} is not set: ${meanings[name]}`,
    "export TENANT_A, TOKEN_A, TENANT_B and, to prove more, TOKEN_B (or put them into .env)",
  );
}
