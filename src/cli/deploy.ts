import { Command } from "commander";
import type { Context } from "./context.js";
import { deployStatusCommand } from "./deploy-status.js";

/** `tenantctl deploy`: releases on the hosts of a fleet, with Ansible and pm2. */
export function deployCommand(context: Context): Command {
  return new Command("deploy")
    .description("releases on the hosts of a fleet, with Ansible and pm2")
    .addCommand(deployStatusCommand(context));
}
