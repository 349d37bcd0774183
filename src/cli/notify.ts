import { Command, Option } from "commander";
import { notifyAll, notifyCheck, placeholders } from "../notify/index.js";
import { phases } from "../rollout/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { readChannels } from "./notify-channels.js";
import { notifyText } from "./notify-text.js";
import { collected, withCommonOptions } from "./options.js";

const verdicts = ["pass", "fail", "inconclusive", "error"] as const;

interface NotifyFlags {
  readonly phase: string;
  readonly verdict: (typeof verdicts)[number];
  readonly channel?: readonly string[];
  readonly text?: string;
  readonly dryRun?: boolean;
}

/** `tenantctl notify`: tells the team, the status page and the change log. */
export function notifyCommand(context: Context): Command {
  const own = new Command("notify")
    .argument("<release>", "the release that it is about: its version")
    .optionsGroup("Message:")
    .addOption(new Option("--phase <phase>", "what has ended").choices(phases).default("production"))
    .addOption(new Option("--verdict <verdict>", "how it has ended").choices(verdicts).default("pass"))
    .option("--text <text>", "say this, in place of every template")
    .option("--channel <name>", "this one; several may be named (default: all of config)", collected)
    .option("--dry-run", "say what would be sent, with secrets redacted; send nothing");
  return withCommonOptions(own)
    .description("tells the team, the status page and the change log how a rollout went")
    .addHelpText(
      "after",
      `
Channels stand in config, under notify.channels: slack, webhook, email,
pagerduty, statuspage, file. Texts may hold ${placeholders
        .slice(0, 3)
        .map((name) => `{${name}}`)
        .join(", ")},
${placeholders
  .slice(3)
  .map((name) => `{${name}}`)
  .join(", ")}.

A channel that can't be reached is tried again, then listed; it stops no other.
Exit 2 where none could be reached.
${examples(
  "tenantctl notify 2.4.0 --dry-run",
  "tenantctl notify 2.4.0 --env production",
  "tenantctl notify 2.4.0 --phase canary --verdict fail --channel team",
)}`,
    )
    .action(async (release: string, options: AllOptions & NotifyFlags) => {
      await execute(context, "notify", options, async ({ settings }) => {
        const start = performance.now();
        const { phase, verdict, text, dryRun, channel } = options;
        const announcement = {
          ...{ app: settings.app ?? "the application", version: release },
          ...{ environment: settings.environment, phase, verdict, text },
          at: context.now().toISOString(),
        };
        const deliveries = await notifyAll(readChannels(settings, channel), announcement, {
          templates: settings.notify.templates ?? {},
          isDryRun: dryRun === true,
          signal: context.signal,
        });
        const outcome = { ...notifyCheck(deliveries), durationMs: performance.now() - start };
        return { outcomes: [outcome], body: (theme) => notifyText(deliveries, theme) };
      });
    });
}
