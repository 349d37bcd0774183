import { resolve } from "node:path";
import { Command } from "commander";
import type { Settings } from "../config/settings.js";
import type { CheckOutcome } from "../findings/check.js";
import { UsageError } from "../findings/errors.js";
import {
  type ApiCheck,
  checkApi,
  checkUrl,
  type IsolationProgress,
  pairsOf,
  type SubScope,
  stateFolderOf,
} from "../isolation/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { lastingNote, sayNotes } from "./isolation-notes.js";
import { bindingOf, httpOf, type RequestFlags, withRequestOptions } from "./isolation-requests.js";
import { readTenants } from "./isolation-tenants.js";
import { withCommonOptions } from "./options.js";
import { isConfirmed } from "./protected.js";
import { runName } from "./run-name.js";
import { requireWebAddress } from "./web-address.js";

interface IsolationFlags extends RequestFlags {
  readonly readOnly?: boolean;
  readonly confirm?: string;
  readonly openapi?: string;
  readonly baseUrl?: string;
}

/** `tenantctl isolation check`: what the plan's two curl calls ask, with controls and proof, for one route or all. */
export function isolationCheckCommand(context: Context): Command {
  const own = new Command("check")
    .argument(
      "[url]",
      "one route that lists what a tenant has; none tries every route of the OpenAPI document",
    )
    .optionsGroup("API:")
    .option(
      "--openapi <location>",
      "OpenAPI 3 document: a path or a URL (default: isolation.openapi of config)",
    )
    .option(
      "--base-url <url>",
      "where the API is (default: isolation.baseUrl, or the document's first server)",
    )
    .option("--read-only", "create nothing, change nothing")
    .option("--confirm <name>", "name the environment, where it is protected, to create objects there");
  return withCommonOptions(withRequestOptions(own))
    .description("one tenant tries for another tenant's data: on one route, reading only, or on all of them")
    .addHelpText(
      "after",
      `
The tenants stand in the environment, in .env, or in config (isolation.tenants):
  TENANT_A, TOKEN_A  the tenant that tries, and a token of one of its users
  TENANT_B, TOKEN_B  the tenant whose data should stay hidden; its token proves
                     much more
{tenant} in a URL stands for each caller's own tenant:
http://localhost:3000/t/{tenant}/assets.

Without a URL, objects are created as both tenants and deleted in the end. Where
the API is not on this machine, that needs --confirm; else it only reads. What
each tenant's own lists held before is compared with what they hold afterwards.
${examples(
  "tenantctl isolation check http://localhost:3000/api/v1/assets",
  "tenantctl isolation check --openapi openapi.json --base-url http://localhost:3000",
  "tenantctl isolation check --env staging --confirm staging --rate 50",
  "tenantctl isolation check http://localhost:3000/api/v1/assets --json --output isolation.json",
)}`,
    )
    .action(async (url: string | undefined, options: AllOptions & IsolationFlags) => {
      await execute(context, "isolation check", options, async ({ settings, progress, note }) => {
        const http = httpOf(context, options, settings);
        const tenants = await readTenants(settings, http);
        const common = { binding: bindingOf(options, settings), http };
        const say: IsolationProgress = ({ title, done, total }) => progress.update(title, done / total);
        const outcomes: CheckOutcome[] = [];
        const pairs = pairsOf(tenants).flatMap(({ attacker, victim }) =>
          [attacker, ...attacker.users].map((user) => ({
            ...{ attacker: user, victim },
            creator: user === attacker ? undefined : attacker,
          })),
        );
        const sayLasting = lastingNote(note);
        for (const pair of pairs) {
          const outcome =
            url === undefined
              ? await checkApi(
                  { ...common, ...pair, ...apiOf(context, options, settings, note), sayLasting },
                  say,
                )
              : await checkUrl({ ...common, ...pair, url: requireRoute(url) }, say);
          const who = `: ${pair.attacker.name} against ${pair.victim.name}`;
          outcomes.push(pairs.length > 1 ? { ...outcome, title: `${outcome.title}${who}` } : outcome);
        }
        for (const { facts } of outcomes) sayNotes(facts, options.samples, note);
        return { outcomes };
      });
    });
}

const requireRoute = (url: string) =>
  requireWebAddress(url, "name a route with its host: http://localhost:3000/api/v1/assets");

type ApiOptions = Pick<
  ApiCheck,
  | "openapi"
  | "baseUrl"
  | "resources"
  | "isReadOnly"
  | "tenantFields"
  | "shared"
  | "subScope"
  | "stateFolder"
  | "run"
>;

function apiOf(
  context: Context,
  options: IsolationFlags,
  settings: Settings,
  note: (text: string) => void,
): ApiOptions {
  const { isolation, base, stateFolder } = settings;
  const resources = isolation.resources ?? [];
  const openapi =
    resources.length > 0
      ? locationOf(context, options.openapi, settings)
      : openapiOf(context, options.openapi, settings);
  const baseUrl = options.baseUrl ?? isolation.baseUrl;
  const column = settings.tenant.column;
  return {
    openapi,
    resources,
    baseUrl,
    isReadOnly: (address) => isReadOnly(options, settings, address, note),
    tenantFields: [...new Set([...(column ? [column] : []), ...usualTenantFields])],
    shared: isolation.shared ?? [],
    subScope: subScopeOf(settings),
    stateFolder: stateFolderOf(base, stateFolder),
    run: runName(context),
  };
}

/**
 * The OpenAPI document that is meant: a path from the working directory, or one of config.
 *
 * @throws UsageError where none is.
 */
export function openapiOf(context: Context, named: string | undefined, settings: Settings): string {
  const openapi = locationOf(context, named, settings);
  if (openapi !== undefined) return openapi;
  throw new UsageError(
    "no route and no OpenAPI document is named",
    "name a route (tenantctl isolation check http://localhost:3000/api/v1/assets), or --openapi openapi.json, or isolation.resources in config",
  );
}

/** The same, or undefined: config may name the routes itself. */
export function locationOf(
  { cwd }: Context,
  named: string | undefined,
  { isolation, base }: Settings,
): string | undefined {
  return located(named, cwd) ?? located(isolation.openapi, base);
}

const usualTenantFields = ["tenantId", "tenant_id"];

/** Units inside a tenant, as config names them; the header by their model's name where it does not say. */
function subScopeOf({ isolation, tenant }: Settings): SubScope | undefined {
  const models = (tenant.subScopes ?? []).map(({ model }) => model);
  const [first] = models;
  const usual = first && `X-${first.replace(/([a-z])([A-Z])/g, "$1-$2")}-ID`;
  const header = isolation.subScopeHeader ?? usual;
  if (!header) return undefined;
  const units = Object.entries(isolation.tenants ?? {}).flatMap(([name, { subScopes }]) =>
    subScopes ? [[name, subScopes] as const] : [],
  );
  return { header, models, units: Object.fromEntries(units) };
}

/** Nothing is created on a protected environment that is not named. */
function isReadOnly(
  options: IsolationFlags,
  settings: Settings,
  address: string,
  note: (text: string) => void,
): boolean {
  if (options.readOnly) return true;
  if (isConfirmed(options.confirm, settings, address)) return false;
  note(
    `note: ${new URL(address).hostname} is protected: it is only read. --confirm ${settings.environment} lets objects be created there, and deleted again`,
  );
  return true;
}

/** A URL as it is, a path from its folder. */
export function located(location: string | undefined, folder: string): string | undefined {
  if (location === undefined || /^https?:\/\//.test(location)) return location;
  return resolve(folder, location);
}
