import { Command } from "commander";
import type { Context } from "./context.js";
import { indexPlanCommand } from "./index-plan.js";
import { indexUsageCommand } from "./index-usage.js";

/** `tenantctl index`: what indexes do, what is missing, and work on them that stops nobody. */
export function indexCommand(context: Context): Command {
  return new Command("index")
    .description("index reports, and concurrent builds and drops")
    .addCommand(indexUsageCommand(context))
    .addCommand(indexPlanCommand(context));
}
