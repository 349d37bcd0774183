import { Command } from "commander";
import { UsageError } from "../findings/errors.js";
import { nearestName } from "../findings/nearest.js";
import { type History, historyCheck, replay } from "../rollout/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { withCommonOptions } from "./options.js";
import { historyText } from "./rollout-text.js";
import { withSharedState } from "./shared-state.js";

/** `tenantctl rollout history`: what the journal says, and whether it is what was written. */
export function historyCommand(context: Context): Command {
  const own = new Command("history").option("--rollout <id>", "every entry of this rollout");
  return withCommonOptions(own)
    .description("every rollout in the journal, with its end; the journal's root is checked")
    .addHelpText(
      "after",
      examples(
        "tenantctl rollout history",
        "tenantctl rollout history --rollout 2026-11-24T10-00-00Z-2.4.0",
        "tenantctl rollout history --env production --json --output history.json",
      ),
    )
    .action(async (options: AllOptions & { readonly rollout?: string }) => {
      await execute(context, "rollout history", options, (work) =>
        withSharedState(work, async ({ journal }) => {
          const start = performance.now();
          const reading = await journal.read();
          const history = replay(reading.entries);
          if (options.rollout !== undefined) requireRollout(history, options.rollout);
          const outcome = historyCheck(journal.place, reading, history, options.rollout);
          return {
            outcomes: [{ ...outcome, durationMs: performance.now() - start }],
            body: (theme) => historyText(outcome, theme),
          };
        }),
      );
    });
}

/** @throws UsageError where the journal knows none of that id. */
function requireRollout({ rollouts }: History, id: string): void {
  const known = rollouts.map(({ rollout }) => rollout);
  if (known.includes(id)) return;
  const nearest = nearestName(id, known);
  throw new UsageError(
    `the journal has no rollout ${id}`,
    nearest ? `did you mean --rollout ${nearest}?` : "tenantctl rollout history lists them",
  );
}
