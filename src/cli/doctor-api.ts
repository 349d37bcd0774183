import { HttpClient } from "../adapters/http/client.js";
import type { Inspection } from "../config/inspect.js";
import type { ApiFacts } from "../doctor/index.js";
import { type Attempt, attempt } from "../findings/attempt.js";
import { UnavailableError, UsageError } from "../findings/errors.js";
import { type Actor, describeDocument, expiryOf, requireTwo } from "../isolation/index.js";
import { parseWorkflows } from "../smoke/index.js";
import type { Context } from "./context.js";
import { located } from "./isolation-check.js";
import { loginOf, tenantOfConfig, tenantOfEnvironment } from "./isolation-tenants.js";
import { urlsOf } from "./load-plan.js";
import { readGivenValues } from "./smoke-values.js";
import { requireWebAddress } from "./web-address.js";

/** What an application that runs has to answer in, in milliseconds. */
const patience = 5000;

/** Looks at what `isolation`, `smoke` and `load` need, of which config speaks. Nobody is signed in. */
export async function examineApi(context: Context, inspection: Inspection): Promise<ApiFacts> {
  const { isolation, smoke, load } = inspection.config;
  const isSetUp = isolation?.tenants !== undefined || isolation?.baseUrl !== undefined || smoke !== undefined;
  const client = new HttpClient({
    ...{ connections: 4, timeout: patience, bodyLimit: 20 * 2 ** 20, signal: context.signal },
  });
  try {
    const openapi = located(isolation?.openapi, inspection.base);
    const document =
      openapi === undefined ? undefined : await attempt(() => describeDocument(openapi, client));
    const named = isolation?.baseUrl ?? (document && "value" in document ? document.value.server : undefined);
    const tenants = isolation || smoke ? await examineTenants(inspection, context.now()) : [];
    const [first, second] = tenants.flatMap(({ actor }) => (actor ? [actor] : []));
    return {
      isSetUp,
      baseUrl: named === undefined ? undefined : await attempt(() => answerOf(named, client)),
      document: document && ("value" in document ? { value: document.value.text } : document),
      tenants,
      pair: first && second ? await attempt(() => pairText(first, second)) : undefined,
      workflows: smoke && (await attempt(() => workflowsText(inspection, tenants))),
      servers: load && (load.baseline || load.candidate) ? await examineServers(inspection, client) : [],
    };
  } finally {
    await client.close();
  }
}

/** Whatever the status: the application is there. A proxy without one behind it says 502 to 504. */
async function answerOf(url: string, client: HttpClient): Promise<string> {
  const hint = "name it: http://localhost:3000";
  const asked = requireWebAddress(url, hint).replaceAll("{tenant}", "tenant");
  const headers = { accept: "application/json, */*;q=0.5", "user-agent": "tenantctl" };
  const { status } = await client.send({ method: "GET", url: asked, headers });
  if (status >= 502 && status <= 504)
    throw new UnavailableError(`${asked} answers ${status}`, "start the application behind it");
  return `${asked} answers`;
}

interface Examined {
  readonly name: string;
  readonly signIn: Attempt<string>;
  readonly actor: Actor | undefined;
}

async function examineTenants(inspection: Inspection, now: Date): Promise<Examined[]> {
  const settings = { ...inspection, isolation: inspection.config.isolation ?? {} };
  const { tenants } = settings.isolation;
  const names = tenants ? Object.keys(tenants) : ["a", "b"];
  const examined: Examined[] = [];
  for (const name of names) {
    const given = tenants?.[name];
    let actor: Actor | undefined;
    const signIn = await attempt(async () => {
      actor = given
        ? await tenantOfConfig(name, settings, undefined)
        : tenantOfEnvironment(name.toUpperCase(), settings.variables);
      if (given?.credentials && given.token === undefined) {
        loginOf(settings);
        return "its credentials are set; it signs in by isolation.login";
      }
      if (given && actor.token === undefined && name === names[0])
        throw new UsageError(
          `tenant ${name} has no token`,
          `give isolation.tenants.${name} a token, or credentials for isolation.login`,
        );
      return tokenText(actor, now);
    });
    examined.push({ name, signIn, actor: "value" in signIn ? actor : undefined });
  }
  return examined;
}

/** What a token says of its end; the token itself stands nowhere. */
function tokenText({ name, token }: Actor, now: Date): string {
  if (token === undefined)
    return `its id is set, its token is not: TOKEN_${name.toUpperCase()} would prove much more`;
  const end = expiryOf(token);
  if (end === undefined) return "its id and token are set; the token does not say when it ends";
  if (end > now) return `its id and token are set; the token ends at ${end.toISOString()}`;
  throw new UsageError(
    `its token expired at ${end.toISOString()}`,
    `sign in again, and export TOKEN_${name.toUpperCase()} (or the variable that isolation.tenants.${name} names)`,
  );
}

function pairText(first: Actor, second: Actor): string {
  // Where a login tells the id, it is not known yet.
  if (first.tenantId !== "" && second.tenantId !== "") requireTwo(first, second);
  return `${first.name} tries for the data of ${second.name}`;
}

function workflowsText({ config, variables, base }: Inspection, tenants: readonly Examined[]): string {
  const smoke = config.smoke ?? {};
  const workflows = parseWorkflows(smoke, config.isolation?.shared);
  readGivenValues(
    { smoke, variables, base },
    workflows,
    tenants.map(({ name }) => name),
  );
  return `${workflows.map(({ name }) => name).join(", ")}; the values that they use are set`;
}

async function examineServers({ config }: Inspection, client: HttpClient): Promise<ApiFacts["servers"]> {
  const urls = await attempt(() => urlsOf(undefined, undefined, config.load ?? {}));
  if ("problem" in urls) return [{ side: "baseline", answer: urls }];
  const { baseline, candidate } = urls.value;
  const sides = baseline === candidate ? { baseline } : { baseline, candidate };
  const servers: { side: string; answer: Attempt<string> }[] = [];
  for (const [side, url] of Object.entries(sides))
    servers.push({ side, answer: await attempt(() => answerOf(url, client)) });
  return servers;
}
