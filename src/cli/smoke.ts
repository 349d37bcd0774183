import { Command } from "commander";
import type { Settings } from "../config/settings.js";
import type { CheckOutcome } from "../findings/check.js";
import { UsageError } from "../findings/errors.js";
import { nearestName } from "../findings/nearest.js";
import { type Actor, stateFolderOf } from "../isolation/index.js";
import { checkOf, parseWorkflows, plannedSteps, runSmoke, type Workflow } from "../smoke/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute, type Work, type WorkResult } from "./execute.js";
import { bindingOf, httpOf, type RequestFlags, withRequestOptions } from "./isolation-requests.js";
import { readTenants } from "./isolation-tenants.js";
import { collected, withCommonOptions } from "./options.js";
import { isConfirmed } from "./protected.js";
import { runName } from "./run-name.js";
import { listLine, planText } from "./smoke-text.js";
import { readGivenValues } from "./smoke-values.js";

interface SmokeFlags extends RequestFlags {
  readonly workflow?: readonly string[];
  readonly baseUrl?: string;
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly confirm?: string;
}

/** `tenantctl smoke`: the business workflows of config, as all tenants at once. */
export function smokeCommand(context: Context): Command {
  const own = new Command("smoke")
    .optionsGroup("Workflows:")
    .option("--workflow <name>", "run this one; several may be named (default: all of config)", collected)
    .option("--list", "say which workflows there are; send nothing")
    .option("--dry-run", "say what each step would send and expect, and who must not see it; send nothing")
    .option("--base-url <url>", "where the API is (default: isolation.baseUrl of config)")
    .option("--confirm <name>", "name the environment, where it is protected: workflows create data");
  return withCommonOptions(withRequestOptions(own))
    .description(
      "the business workflows of config, as all tenants at once; each looks what it sees of the others",
    )
    .addHelpText(
      "after",
      `
Workflows stand in config, under smoke.workflows: named steps of a request, what
it has to answer, and what is captured for later steps. After each step every
other tenant tries to see what came of it.

The tenants stand in the environment, in .env, or in config (isolation.tenants):
  TENANT_A, TOKEN_A, TENANT_B, TOKEN_B  and, for a third one, TENANT_C, TOKEN_C

Workflows create data. Ctrl-C runs their finally steps, and says what is left;
after a crash, tenantctl isolation cleanup runs them.
${examples(
  "tenantctl smoke --list",
  "tenantctl smoke --workflow assets --dry-run",
  "tenantctl smoke --base-url http://localhost:3000",
  "tenantctl smoke --env staging --confirm staging --json --output smoke.json",
)}`,
    )
    .action(async (options: AllOptions & SmokeFlags) => {
      await execute(context, "smoke", options, async (work) => {
        const { smoke, isolation } = work.settings;
        const workflows = chosen(parseWorkflows(smoke, isolation.shared), options.workflow);
        if (options.list) return listed(workflows);
        return options.dryRun ? dryRun(workflows) : run(workflows, options, work);
      });
    });
}

/** @throws UsageError where there is none of that name, or none at all. */
function chosen(all: readonly Workflow[], names: readonly string[] | undefined): Workflow[] {
  const known = all.map(({ name }) => name);
  if (all.length === 0)
    throw new UsageError(
      "config has no smoke.workflows",
      "describe one: docs/configuration.md of tenantctl, section Smoke tests, has a short one to begin with",
    );
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, known);
    throw new UsageError(
      `there is no workflow ${unknown}`,
      nearest ? `did you mean --workflow ${nearest}?` : `there are ${known.join(", ")}`,
    );
  }
  return all.filter(({ name }) => names?.includes(name) ?? true);
}

function listed(workflows: readonly Workflow[]): WorkResult {
  const rows = workflows.map((workflow) => ({
    workflow: workflow.name,
    steps: workflow.steps.map(({ name }) => name),
    finally: workflow.cleanup.map(({ name }) => name),
  }));
  return {
    outcomes: [
      { id: "smoke-list", title: "Workflows", drafts: [], durationMs: 0, facts: { workflows: rows } },
    ],
    body: () => rows.map(listLine).join("\n"),
  };
}

function dryRun(workflows: readonly Workflow[]): WorkResult {
  const plans = workflows.map((workflow) => ({ workflow, steps: plannedSteps(workflow) }));
  return {
    outcomes: plans.map(({ workflow, steps }) => ({
      ...checkOf(workflow),
      id: "smoke-dry-run",
      title: `Workflow ${workflow.name}, dry run: nothing was sent`,
      ...{ drafts: [], durationMs: 0, facts: { isDryRun: true, steps } },
    })),
    body: () => plans.map(({ workflow, steps }) => planText(workflow.name, steps)).join("\n\n"),
  };
}

async function run(
  workflows: readonly Workflow[],
  options: AllOptions & SmokeFlags,
  { context, settings, progress, note }: Work,
): Promise<WorkResult> {
  const baseUrl = requireBaseUrl(options, settings);
  requirePermission(options, settings, baseUrl);
  const http = httpOf(context, options, settings);
  const actors = requireTokens(await readTenants(settings, http, ["C"]));
  const given = readGivenValues(
    settings,
    workflows,
    actors.map(({ name }) => name),
  );
  const outcomes = await runSmoke(
    {
      ...{ workflows, actors, ...given, now: context.now },
      stateFolder: stateFolderOf(settings.base, settings.stateFolder),
      run: runName(context),
      target: { baseUrl, binding: bindingOf(options, settings) },
      http,
    },
    ({ title, done, total }) => progress.update(title, done / total),
  );
  sayLeft(outcomes, options.samples, note);
  return { outcomes };
}

function requireBaseUrl({ baseUrl: named }: SmokeFlags, { isolation }: Settings): string {
  const base = named ?? isolation.baseUrl;
  if (base && /^https?:\/\//.test(base) && URL.canParse(base)) return base.replace(/\/+$/, "");
  throw new UsageError(
    base ? `${base} is no base URL` : "where the API is is not known",
    "name it: --base-url http://localhost:3000, or isolation.baseUrl in config",
  );
}

/** Every tenant runs the workflows, so that each needs a token. */
function requireTokens(actors: readonly Actor[]): readonly Actor[] {
  const without = actors.find(({ token }) => !token);
  if (!without) return actors;
  throw new UsageError(
    `tenant ${without.name} has no token, and the workflows are run as every tenant`,
    `export TOKEN_${without.name.toUpperCase()}, or name it in isolation.tenants`,
  );
}

function requirePermission({ confirm }: SmokeFlags, settings: Settings, baseUrl: string): void {
  if (isConfirmed(confirm, settings, baseUrl)) return;
  throw new UsageError(
    `${new URL(baseUrl).hostname} is protected, and workflows create data there`,
    `say that it is meant: --confirm ${settings.environment}; --dry-run shows what would be sent`,
  );
}

/** What is not deleted again has to be known. */
function sayLeft(
  outcomes: readonly CheckOutcome[],
  withSamples: boolean,
  note: (text: string) => void,
): void {
  const left = outcomes.flatMap(({ facts }) => facts.left as string[]);
  if (left.length === 0) return;
  const names = `${left.slice(0, 4).join("; ")}${left.length > 4 ? "; …" : ""}`;
  note(
    `note: ${left.length} objects that workflows made are still there, since no step deletes them${withSamples ? `: ${names}` : ""}`,
  );
}
