import { Command } from "commander";
import { replay, statusCheck } from "../rollout/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { withCommonOptions } from "./options.js";
import { statusText } from "./rollout-text.js";
import { withSharedState } from "./shared-state.js";

/** `tenantctl rollout status`: where the last rollout stands, as far as the journal tells. */
export function statusCommand(context: Context): Command {
  return withCommonOptions(new Command("status"))
    .description("where the last rollout stands: phase, hosts, time against the plan, who holds the lock")
    .addHelpText(
      "after",
      examples("tenantctl rollout status", "tenantctl rollout status --env production --json"),
    )
    .action(async (options: AllOptions) => {
      await execute(context, "rollout status", options, (work) =>
        withSharedState(work, async ({ journal, locks }) => {
          const start = performance.now();
          const reading = await journal.read();
          const lock = await locks.current();
          const holder = lock && !lock.isReleased ? { ...lock, isGone: await locks.isGone(lock) } : undefined;
          const outcome = statusCheck(
            { place: journal.place, reading, history: replay(reading.entries), holder },
            context.now(),
          );
          return {
            outcomes: [{ ...outcome, durationMs: performance.now() - start }],
            body: (theme) => statusText(outcome, theme),
          };
        }),
      );
    });
}
