import { Command, InvalidArgumentError } from "commander";
import { mostConnections } from "../config/limits.js";
import type { Settings } from "../config/settings.js";
import { UsageError } from "../findings/errors.js";
import {
  apiOf,
  checkLoad,
  fewestPairs,
  type LoadOptions,
  type LoadPlan,
  lengthOf,
  lengthWords,
  loadCheck,
  orderWords,
  tooSeldom,
  warmupBefore,
} from "../load/index.js";
import { wrap } from "../render/words.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute, type WorkResult } from "./execute.js";
import { type BindingFlags, bindingOf, positive, withBindingOptions } from "./isolation-requests.js";
import { tenantsWithToken } from "./isolation-tenants.js";
import { type LoadFlags, modesOf, planOf, routesOf, targetOf, urlsOf } from "./load-plan.js";
import { withCommonOptions } from "./options.js";
import { isConfirmed } from "./protected.js";

interface LoadCommandFlags extends LoadFlags, BindingFlags {
  readonly margin?: number;
  readonly requestTimeout: number;
  readonly insecure?: boolean;
  readonly confirm?: string;
  readonly dryRun?: boolean;
}

const usualMargin = 5;
const usualErrorMargin = 0.5;
const usualTimeout = 10;
/** Of an answer that is looked at before the load and between blocks. */
const bodyLimit = 5 * 2 ** 20;

/** `tenantctl load`: is P99 of one server worse than another's by less than a margin? */
export function loadCommand(context: Context): Command {
  const own = new Command("load")
    .argument("[baseline-url]", "the server without the change (default: load.baseline of config)")
    .argument("[candidate-url]", "the server with it; none where load.switch switches one server")
    .optionsGroup("Load:")
    .option("--routes <routes...>", 'what is asked for: "GET /api/v1/assets" (default: GET /)')
    .option("--connections <number>", "at a time, kept open (default: 10)", connectionCount)
    .option(
      "--rate <number>",
      "requests a second at fixed times; a latency then counts the wait for a turn (default: each connection sends when it is answered)",
      wholeRate,
    )
    .option(
      "--duration <seconds>",
      "measured time, both sides together; warm-ups come on top (default: 30)",
      positive,
    )
    .option("--blocks <number>", "blocks that the sides take turns in (default: 20)", evenNumber)
    .option("--warmup <seconds>", "before each block, not measured (default: 0.3)", notNegative)
    .option("--margin <milliseconds>", "by which P99 may be worse (default: 5)", positive)
    .option("--unsafe", "let routes be other than GET and HEAD")
    .option("--dry-run", "say what would be sent, send nothing")
    .option("--confirm <name>", "name the environment, where it is protected, to load it")
    .option("--request-timeout <seconds>", "for one answer, at least 1", timeout, usualTimeout)
    .option("--insecure", "do not verify the server's certificate");
  return withCommonOptions(withBindingOptions(own))
    .description("latency and errors of two servers, or of one in two modes, in paired blocks")
    .addHelpText(
      "after",
      `
The requests bear the tokens of isolation.tenants, or of TENANT_A and TOKEN_A,
TENANT_B and TOKEN_B in the environment, in turn; with none, no token.

It passes where P99 is worse by less than the margin with 95 % confidence, fails
where it is worse by more, and is inconclusive (exit 3) where the samples can't
tell. A server that is not on this machine needs --confirm.
${examples(
  "tenantctl load http://localhost:3000 http://localhost:3001",
  'tenantctl load --routes "GET /api/v1/assets" "GET /api/v1/rentals" --duration 120',
  "tenantctl load http://localhost:3000 http://localhost:3001 --rate 200 --dry-run",
  "tenantctl load --env staging --confirm staging --format html --output load.html",
)}`,
    )
    .action(
      async (
        baseline: string | undefined,
        candidate: string | undefined,
        options: AllOptions & LoadCommandFlags,
      ) => {
        await execute(context, "load", options, async ({ settings, progress, note }) => {
          const load = await optionsOf(context, { baseline, candidate }, options, settings, note);
          if (options.dryRun) return dryRun(load);
          requireConfirmed(options.confirm, load, settings);
          const outcome = await checkLoad(load, {
            progress: (title, done, total) => progress.update(title, done / total),
            note: (text) => note(`note: ${text}`),
          });
          return { outcomes: [outcome] };
        });
      },
    );
}

async function optionsOf(
  { env, signal }: Context,
  named: { readonly baseline: string | undefined; readonly candidate: string | undefined },
  options: LoadCommandFlags,
  settings: Settings,
  note: (text: string) => void,
): Promise<LoadOptions> {
  const { load } = settings;
  const urls = urlsOf(named.baseline, named.candidate, load);
  const routes = routesOf(options, load);
  const http = {
    connections: 1,
    timeout: options.requestTimeout * 1000,
    bodyLimit,
    isInsecure: options.insecure === true,
  };
  // A dry run sends nothing, not even a sign-in.
  const actors = await tenantsWithToken(settings, options.dryRun ? undefined : { ...http, signal });
  if (actors.length === 0) note("note: no tenant has a token: the requests bear none");
  if (urls.baseline === urls.candidate && !load.switch)
    note("note: both sides are the same server: this compares it with itself");
  const binding = bindingOf(options, settings);
  const targets = {
    baseline: targetOf("baseline", urls.baseline, routes, actors, binding, settings),
    candidate: targetOf("candidate", urls.candidate, routes, actors, binding, settings),
  };
  const plan = planOf(options, load);
  if (plan.order.length < 2 * fewestPairs)
    throw new UsageError(
      `${plan.order.length} blocks are too few to tell how much blocks differ`,
      `--blocks ${2 * fewestPairs} or more`,
    );
  return {
    targets,
    routes: routes.map(({ name }) => name),
    tenants: actors.map(({ name }) => name),
    plan,
    margins: {
      latency: options.margin ?? load.marginMs ?? usualMargin,
      errors: (load.errorMargin ?? usualErrorMargin) / 100,
    },
    modes: modesOf(urls.candidate, settings, env),
    http,
    signal,
  };
}

/** A server of others is not loaded by mistake. */
function requireConfirmed(confirm: string | undefined, { targets }: LoadOptions, settings: Settings): void {
  for (const { url } of Object.values(targets)) {
    if (isConfirmed(confirm, settings, url)) continue;
    throw new UsageError(
      `${new URL(url).hostname} is protected: load slows it down for others`,
      `--confirm ${settings.environment} loads it all the same; --dry-run shows what would be sent`,
    );
  }
}

/** What would be sent. A plan that can't lead to a verdict is inconclusive before it has run. */
function dryRun({ targets, routes, tenants, plan, margins, modes }: LoadOptions): WorkResult {
  const api = apiOf({ baseline: targets.baseline.url, candidate: targets.candidate.url });
  const reason = tooSeldom(plan);
  return {
    outcomes: [
      {
        id: "load-dry-run",
        title: `${loadCheck.title}, dry run: nothing was sent`,
        drafts: [],
        ...(reason === undefined ? {} : { obstacle: { status: "inconclusive", reason } }),
        durationMs: 0,
        facts: {
          isDryRun: true,
          api,
          tenants,
          plan: { ...plan, order: orderWords(plan.order), routes, seconds: lengthOf(plan) / 1000 },
          marginMs: margins.latency,
        },
      },
    ],
    body: ({ paint, width }) =>
      [
        paint.bold(`${loadCheck.title}: ${api}`),
        `routes       ${routes.join(", ")}`,
        `tenants      ${tenants.join(", ") || "none: no token"}`,
        `connections  ${plan.connections}, ${plan.rate === undefined ? "each sends when it is answered" : `${plan.rate} requests a second at fixed times`}`,
        `margin       P99 worse by less than ${margins.latency} ms, errors by less than ${100 * margins.errors} percentage points`,
        `time         ${lengthWords(plan)}${modes ? "; switching comes on top" : ""}`,
        "",
        ...blockLines(plan),
        "",
        ...(reason === undefined ? [] : [wrap(`inconclusive: ${reason}`, width), ""]),
        "dry run: nothing was sent",
      ].join("\n"),
  };
}

function blockLines(plan: LoadPlan): string[] {
  return plan.order.map((side, index) => {
    const warmup = `${(warmupBefore(plan, index) / 1000).toFixed(1)} s warm-up`;
    return `${String(index + 1).padStart(3)}  ${side.padEnd(9)}  ${warmup}, ${(plan.blockMs / 1000).toFixed(1)} s measured`;
  });
}

function connectionCount(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number <= mostConnections) return number;
  throw new InvalidArgumentError(`It has to be a whole number from 1 to ${mostConnections}.`);
}

function evenNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 2 * fewestPairs && number % 2 === 0 && number <= 1000)
    return number;
  throw new InvalidArgumentError(`It has to be an even number from ${2 * fewestPairs} to 1000.`);
}

function wholeRate(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number >= 1) return number;
  throw new InvalidArgumentError("It has to be a number from 1 on.");
}

function timeout(text: string): number {
  const number = Number(text);
  if (number >= 1 && number <= 600) return number;
  throw new InvalidArgumentError("It has to be a number from 1 to 600.");
}

function notNegative(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("It has to be a number, 0 or more.");
}
