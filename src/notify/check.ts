import type { CheckOutcome } from "../findings/check.js";
import type { Delivery } from "./types.js";

/** Deliveries as a check: each that did not arrive is a finding; where none did, it could not be done. */
export function notifyCheck(
  deliveries: readonly Delivery[],
): CheckOutcome & { readonly facts: { readonly deliveries: readonly Delivery[] } & Record<string, unknown> } {
  const unreached = deliveries.filter(({ status }) => status === "unreached");
  const meant = deliveries.filter(({ status }) => status !== "skipped");
  const isLost = unreached.length > 0 && unreached.length === meant.length;
  return {
    ...{ id: "notify", title: "Notifications", durationMs: 0 },
    drafts: unreached.map(({ channel, type, reason, attempts }) => ({
      rule: "notify/unreached-channel",
      subject: { step: channel },
      message: `${channel} (${type}) was not told: ${reason}`,
      remedy: "Mend the channel, then tell it again.",
      remedySteps: [`tenantctl notify VERSION --channel ${channel}`],
      evidence: { channel, type, attempts },
    })),
    ...(isLost
      ? {
          obstacle: {
            status: "error" as const,
            reason: `no channel could be reached: ${unreached.map(({ channel }) => channel).join(", ")}`,
          },
        }
      : {}),
    facts: { deliveries },
  };
}
