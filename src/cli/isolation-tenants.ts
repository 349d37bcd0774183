import type { HttpOptions } from "../adapters/http/client.js";
import { resolveSecret } from "../config/secret.js";
import type { Settings } from "../config/settings.js";
import type { Variables } from "../config/variables.js";
import { UsageError } from "../findings/errors.js";
import { type Actor, type LogIn, logIn } from "../isolation/index.js";

/** A tenant, and more of its users: each with a token. */
export interface Tenant extends Actor {
  /** `a (viewer)` for the role `viewer` of config. */
  readonly users: readonly Actor[];
}

/**
 * The tenants that config names, signed in where they have credentials and no token, or those of the environment:
 * `TENANT_A` and `TOKEN_A`, `TENANT_B` and, where there is one, `TOKEN_B`. The first one tries for the data of the
 * others.
 *
 * @param more letters of further tenants of the environment, taken where they are set
 * @throws UsageError where there are not two, the first has no token, or a sign-in is refused.
 */
export async function readTenants(
  settings: Settings,
  http: HttpOptions,
  more: readonly string[] = [],
): Promise<[attacker: Tenant, ...victims: Tenant[]]> {
  const { variables } = settings;
  const letters = ["A", "B", ...more.filter((letter) => variables.get(`TENANT_${letter}`))];
  const actors = settings.isolation.tenants
    ? await tenantsOfConfig(settings, http)
    : letters.map((letter) => tenantOfEnvironment(letter, variables));
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
      "give the first tenant of isolation.tenants a token, or credentials for isolation.login",
    );
  }
  return [attacker, ...victims];
}

/**
 * A tenant that stands in the environment: `TENANT_A`, `TOKEN_A`.
 *
 * @throws UsageError where it does not, or the first one has no token.
 */
export function tenantOfEnvironment(letter: string, variables: Variables): Tenant {
  const token = variables.get(`TOKEN_${letter}`);
  return {
    name: letter.toLowerCase(),
    tenantId: required(variables.get(`TENANT_${letter}`), `TENANT_${letter}`),
    token: letter === "A" ? required(token, "TOKEN_A") : token,
    users: [],
  };
}

/** What says who the tenants are. */
type TenantSettings = Pick<Settings, "isolation" | "variables" | "base">;

/**
 * Those of the same tenants whose requests are answered: they have a token. There may be none.
 *
 * @param http to sign in with; nobody is signed in without it
 */
export async function tenantsWithToken(settings: Settings, http: HttpOptions | undefined): Promise<Actor[]> {
  const { isolation, variables } = settings;
  const actors = isolation.tenants
    ? await tenantsOfConfig(settings, http)
    : ["A", "B"].map((letter) => ({
        name: letter.toLowerCase(),
        tenantId: variables.get(`TENANT_${letter}`) ?? "",
        token: variables.get(`TOKEN_${letter}`),
      }));
  return actors.filter(({ tenantId, token }) => tenantId && token);
}

/** One after the other: the first that can't sign in is the one that is named. */
async function tenantsOfConfig(settings: Settings, http: HttpOptions | undefined): Promise<Tenant[]> {
  const tenants: Tenant[] = [];
  for (const name of Object.keys(settings.isolation.tenants ?? {}))
    tenants.push(await tenantOfConfig(name, settings, http));
  return tenants;
}

/**
 * A tenant that config names, with its other users.
 *
 * @param http to sign in with; nobody is signed in without it
 * @throws UsageError where a variable is not set, or a sign-in is refused.
 */
export async function tenantOfConfig(
  name: string,
  settings: TenantSettings,
  http: HttpOptions | undefined,
): Promise<Tenant> {
  const { isolation, variables, base } = settings;
  const { id, token, credentials, users = {} } = isolation.tenants![name]!;
  const reveal = (reference: string, what: string) =>
    resolveSecret(reference, `isolation.tenants.${name}.${what}`, variables, base).reveal();
  const signIn = (given: Readonly<Record<string, string>>, what: string, who: string) => {
    const revealed = Object.entries(given).map(([key, each]) => [key, reveal(each, `${what}.${key}`)]);
    return http && logIn(http, loginOf(settings), Object.fromEntries(revealed), who);
  };
  const session =
    token === undefined && credentials ? await signIn(credentials, "credentials", name) : undefined;
  const tenantId = id === undefined ? session?.tenantId : reveal(id, "id");
  if (tenantId === undefined && http)
    throw new UsageError(
      `tenant ${name} has no id`,
      `give isolation.tenants.${name} an id, or say where the login's answer has it: isolation.login.tenant`,
    );
  const own = {
    tenantId: tenantId ?? "",
    token: token === undefined ? session?.token : reveal(token, "token"),
  };
  const more: Actor[] = [];
  for (const [role, user] of Object.entries(users)) {
    const who = `${name} (${role})`;
    const what = `users.${role}`;
    const its = typeof user === "string" ? reveal(user, what) : (await signIn(user, what, who))?.token;
    more.push({ name: who, tenantId: own.tenantId, token: its });
  }
  return { name, ...own, users: more };
}

/** @throws UsageError where config does not say how tenants sign in. */
export function loginOf({ isolation }: Pick<Settings, "isolation">): LogIn {
  const { login, baseUrl } = isolation;
  if (!login || !baseUrl)
    throw new UsageError(
      `isolation.tenants has credentials, and config does not say ${login ? "where the API is" : "how to sign in"}`,
      login
        ? "add isolation.baseUrl"
        : 'add isolation.login: { request: "POST /login", body: { email: "{email}", password: "{password}" }, token: "token" }',
    );
  const [method, path] = login.request.split(" ") as [string, string];
  const { body, token, tenant } = login;
  return { method, url: `${baseUrl.replace(/\/$/, "")}${path}`, body, token, tenant };
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
