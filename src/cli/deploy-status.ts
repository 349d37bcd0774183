import { Command } from "commander";
import { askHosts, checkFleet } from "../rollout/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { type FleetFlags, fleetOf, hostsOf, withFleetOptions } from "./fleet-options.js";
import { withCommonOptions } from "./options.js";

/** `tenantctl deploy status`: what each host serves, asked of the host itself. It changes nothing. */
export function deployStatusCommand(context: Context): Command {
  const own = new Command("status").argument("[version]", "the release that every host has to serve");
  return withCommonOptions(withFleetOptions(own))
    .description("what each host serves, asked of the host itself: version, processes, restarts, release")
    .addHelpText(
      "after",
      `
Each host is asked twice: its health endpoint over HTTP, and by Ansible its
processes, the release they run in, and where current points. Without a version
the release that most hosts serve is taken for the wanted one.

Exit code 0: all hosts serve one release. 1: some serve another, or nothing that
works. 3: what some serve is unknown, since they do not answer.
${examples(
  "tenantctl deploy status",
  "tenantctl deploy status tenant-hardening --limit web1,web2",
  "tenantctl deploy status --env production --json --output fleet.json",
)}`,
    )
    .action(async (version: string | undefined, options: AllOptions & FleetFlags) => {
      await execute(context, "deploy status", options, async (work) => {
        const fleet = fleetOf(work, options);
        work.progress.update("reading the inventory");
        const hosts = await hostsOf(fleet, options, work);
        work.progress.update(`asking ${hosts.length === 1 ? hosts[0]!.name : `${hosts.length} hosts`}`);
        const start = performance.now();
        const answers = await askHosts(fleet, hosts, context);
        const wanted = version === undefined ? undefined : { version, digest: undefined };
        return { outcomes: [checkFleet(hosts, answers, wanted, performance.now() - start)] };
      });
    });
}
