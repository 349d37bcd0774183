import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { UsageError } from "../findings/errors.js";
import { checkCoverage, type Probed, type ProbedCell } from "../isolation/index.js";
import type { Context } from "./context.js";
import { readReport } from "./earlier-report.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { locationOf, openapiOf } from "./isolation-check.js";
import { httpOf, type RequestFlags, withRequestOptions } from "./isolation-requests.js";
import { withCommonOptions } from "./options.js";

interface CoverageFlags {
  readonly openapi?: string;
  readonly routes?: string;
}

/** `tenantctl isolation coverage`: which routes no probe has tried. */
export function isolationCoverageCommand(context: Context): Command {
  const own = new Command("coverage")
    .argument("<report>", "a report of isolation check (--json --output)")
    .option(
      "--openapi <location>",
      "OpenAPI 3 document: a path or a URL (default: isolation.openapi of config)",
    )
    .option("--routes <file>", 'the application\'s own list of routes, JSON: ["GET /assets/{id}", …]');
  return withCommonOptions(withRequestOptions(own))
    .description("every route of the OpenAPI document against the probes of a check")
    .addHelpText(
      "after",
      `
The Express router's own list, for --routes, written by a script of the
application's (Express 4 or 5):
  import express from "express";
  import { expressRoutes, rememberMounts } from "tenantctl";
  rememberMounts(express);
  const { createApp } = await import("./src/app.js");
  console.log(JSON.stringify(expressRoutes(createApp())));
${examples(
  "tenantctl isolation check --json --output isolation.json",
  "tenantctl isolation coverage isolation.json --openapi openapi.json",
  "tenantctl isolation coverage isolation.json --routes routes.json",
)}`,
    )
    .action(async (file: string, options: AllOptions & RequestFlags & CoverageFlags) => {
      const probed = readProbed(context, file);
      await execute(context, "isolation coverage", options, async ({ settings, note }) => {
        const { resources = [], shared = [], unprobed = {} } = settings.isolation;
        const location = options.routes || resources.length > 0 ? locationOf : openapiOf;
        const outcome = await checkCoverage({
          openapi: location(context, options.openapi, settings),
          routes: options.routes === undefined ? undefined : readRoutes(context, options.routes),
          ...probed,
          ...{ resources, shared, unprobed },
          http: httpOf(context, options, settings),
        });
        const { unknown = [] } = outcome.facts as { unknown?: { route: string; nearest: string | null }[] };
        for (const { route, nearest } of unknown)
          note(
            `note: isolation.unprobed names ${route}, which the document does not have${nearest ? `; did you mean ${nearest}?` : ""}`,
          );
        return { outcomes: [outcome] };
      });
    });
}

/** A list as `expressRoutes` of tenantctl gives it. */
function readRoutes({ cwd }: Context, file: string): string[] {
  const hint =
    'write it in the application: import { expressRoutes, rememberMounts } from "tenantctl" (tenantctl isolation coverage --help)';
  let routes: unknown;
  try {
    routes = JSON.parse(readFileSync(resolve(cwd, file), "utf8"));
  } catch (error) {
    throw new UsageError(`can't read the routes of ${file}: ${(error as Error).message}`, hint);
  }
  const isList = Array.isArray(routes) && routes.length > 0;
  const isRoute = (each: unknown) => typeof each === "string" && /^[A-Z]+ \S+$/.test(each);
  if (isList && (routes as unknown[]).every(isRoute)) return routes as string[];
  throw new UsageError(`${file} is no list of routes such as ["GET /assets/{id}"]`, hint);
}

/** What an earlier check tried. */
function readProbed(context: Context, file: string): Probed {
  const hint = "write one with: tenantctl isolation check --json --output FILE";
  const { command, checks = [] } = readReport(context, file, "the report", hint);
  if (command !== "isolation check") throw new UsageError(`${file} is no report of isolation check`, hint);
  return {
    cells: checks.flatMap(({ facts }) => (facts.matrix as ProbedCell[] | undefined) ?? []),
    isReadOnly: checks.every(({ facts }) => facts.isReadOnly === true),
  };
}
