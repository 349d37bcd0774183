import { rules } from "../findings/rules.js";
import type { Delivery } from "../notify/index.js";
import { labelled, type Theme } from "../render/theme.js";
import { count, visible, wrap } from "../render/words.js";

const labels = { sent: "pass", skipped: "skipped", planned: "info" } as const;
const words = { sent: "sent", skipped: "left out", planned: "would be sent" } as const;

/** What became of each channel; of a dry run, what it would be sent. */
export function notifyText(deliveries: readonly Delivery[], theme: Theme): string {
  return deliveries.map((delivery) => deliveryText(delivery, theme)).join("\n\n");
}

function deliveryText({ channel, type, status, attempts, reason, shown }: Delivery, theme: Theme): string {
  const name = `${visible(channel)} (${type})`;
  const tries = attempts > 1 ? `, after ${count(attempts, "try", "tries")}` : "";
  const why = `${reason ? `: ${visible(reason)}` : ""}${tries}`;
  if (status === "unreached") {
    const rule = "notify/unreached-channel";
    const head = `${labelled(theme, "warning")}  ${rule}  ${rules[rule].title}`;
    return `${head}\n${wrap(`${name} was not told${why}`, theme.width, "    ")}`;
  }
  const head = wrap(labelled(theme, labels[status], `${name}: ${words[status]}${why}`), theme.width);
  const body = status === "planned" ? JSON.stringify(shown, null, 2).split("\n") : [];
  return [head, ...body.map((line) => `    ${visible(line)}`)].join("\n");
}
