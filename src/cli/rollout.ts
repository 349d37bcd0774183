import { Command } from "commander";
import type { Context } from "./context.js";
import { historyCommand } from "./rollout-history.js";
import { statusCommand } from "./rollout-status.js";

/** `tenantctl rollout`: all phases in order, durable. */
export function rolloutCommand(context: Context): Command {
  return new Command("rollout")
    .description("rollouts by their journal: what was done, how far it is")
    .addCommand(statusCommand(context))
    .addCommand(historyCommand(context));
}
