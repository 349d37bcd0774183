import { Command } from "commander";
import type { Context } from "./context.js";
import { indexCreateCommand } from "./index-create.js";
import { indexDropCommand } from "./index-drop.js";
import { indexPlanCommand } from "./index-plan.js";
import { indexResumeCommand } from "./index-resume.js";
import { indexUsageCommand } from "./index-usage.js";

/** `tenantctl index`: what indexes do, what is missing, and work on them that stops nobody. */
export function indexCommand(context: Context): Command {
  return new Command("index")
    .description("index reports, and concurrent builds and drops")
    .addCommand(indexUsageCommand(context))
    .addCommand(indexPlanCommand(context))
    .addCommand(indexCreateCommand(context))
    .addCommand(indexDropCommand(context))
    .addCommand(indexResumeCommand(context));
}
