import { Command } from "commander";
import { reportSchema } from "../findings/report-schema.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { writeResult } from "./output.js";

/** `tenantctl report-schema`: the JSON Schema that every command's JSON report obeys. */
export function reportSchemaCommand(context: Context): Command {
  return new Command("report-schema")
    .description("the JSON Schema of the report")
    .addHelpText("after", examples("tenantctl report-schema > tenantctl-report.schema.json"))
    .action(() => writeResult(context, undefined, `${JSON.stringify(reportSchema, null, 2)}\n`));
}
