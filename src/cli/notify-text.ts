import type { Delivery } from "../notify/index.js";
import { labelled, type Theme } from "../render/theme.js";
import { count, visible, wrap } from "../render/words.js";

const labels = { sent: "pass", unreached: "error", skipped: "skipped", planned: "info" } as const;

/** What became of each channel; of a dry run, what it would be sent. */
export function notifyText(deliveries: readonly Delivery[], theme: Theme): string {
  return deliveries.map((delivery) => deliveryText(delivery, theme)).join("\n\n");
}

function deliveryText({ channel, type, status, attempts, reason, shown }: Delivery, theme: Theme): string {
  const tries = attempts > 1 ? ` after ${count(attempts, "try", "tries")}` : "";
  const head = `${visible(channel)} (${type}): ${status === "planned" ? "would be sent" : status}${tries}${reason ? `: ${visible(reason)}` : ""}`;
  const body = status === "planned" ? JSON.stringify(shown, null, 2).split("\n") : [];
  return [
    wrap(labelled(theme, labels[status], head), theme.width),
    ...body.map((line) => `  ${visible(line)}`),
  ].join("\n");
}
