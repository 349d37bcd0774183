import { Command } from "commander";
import type { Context } from "./context.js";
import { isolationCheckCommand } from "./isolation-check.js";
import { isolationCleanupCommand } from "./isolation-cleanup.js";
import { isolationCoverageCommand } from "./isolation-coverage.js";

/** `tenantctl isolation`: one tenant tries for another's data, over HTTP. */
export function isolationCommand(context: Context): Command {
  return new Command("isolation")
    .description("probes over HTTP with the tokens of two tenants")
    .addCommand(isolationCheckCommand(context))
    .addCommand(isolationCoverageCommand(context))
    .addCommand(isolationCleanupCommand(context));
}
