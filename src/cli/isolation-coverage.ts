import { Command } from "commander";
import { UsageError } from "../findings/errors.js";
import { checkCoverage, type ProbedCell } from "../isolation/index.js";
import type { Context } from "./context.js";
import { readReport } from "./earlier-report.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { openapiOf } from "./isolation-check.js";
import { httpOf, type RequestFlags, withRequestOptions } from "./isolation-requests.js";
import { withCommonOptions } from "./options.js";

/** `tenantctl isolation coverage`: which routes no probe has tried. */
export function isolationCoverageCommand(context: Context): Command {
  const own = new Command("coverage")
    .argument("<report>", "a report of isolation check (--json --output)")
    .option(
      "--openapi <location>",
      "OpenAPI 3 document: a path or a URL (default: isolation.openapi of config)",
    );
  return withCommonOptions(withRequestOptions(own))
    .description("every route of the OpenAPI document against the probes of a check")
    .addHelpText(
      "after",
      examples(
        "tenantctl isolation check --json --output isolation.json",
        "tenantctl isolation coverage isolation.json --openapi openapi.json",
      ),
    )
    .action(async (file: string, options: AllOptions & RequestFlags & { readonly openapi?: string }) => {
      const cells = readCells(context, file);
      await execute(context, "isolation coverage", options, async ({ settings, note }) => {
        const outcome = await checkCoverage({
          openapi: openapiOf(context, options.openapi, settings),
          cells,
          unprobed: settings.isolation.unprobed ?? {},
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

/** The cells of an earlier check. */
function readCells(context: Context, file: string): ProbedCell[] {
  const hint = "write one with: tenantctl isolation check --json --output FILE";
  const { command, checks = [] } = readReport(context, file, "the report", hint);
  if (command !== "isolation check") throw new UsageError(`${file} is no report of isolation check`, hint);
  return checks.flatMap(({ facts }) => (facts.matrix as ProbedCell[] | undefined) ?? []);
}
