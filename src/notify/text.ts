import { UsageError } from "../findings/errors.js";
import { nearestName } from "../findings/nearest.js";
import type { Announcement, Channel } from "./types.js";

/** Names that stand in braces in a template. */
export const placeholders = ["app", "version", "environment", "phase", "verdict", "at"] as const;

const internal = "Tenant isolation hardening deployed: {app} {version} on {environment}";
const open = "Security enhancement completed";
const otherwise = "{app} {version} on {environment}: {phase} {verdict}";
const line = "- {at}: Tenant isolation hardening deployed ({app} {version}, {environment})";
const otherLine = "- {at}: {app} {version}, {environment}: {phase} {verdict}";

/**
 * What a channel says: its own template, else that of config for the phase, else the plan's words where
 * production is complete. Undefined where it has nothing to say: strangers read a status page.
 */
export function templateFor(
  channel: Pick<Channel, "type" | "template" | "phases">,
  { phase, verdict, text }: Announcement,
  templates: Readonly<Record<string, string>>,
): string | undefined {
  const own = text ?? channel.template ?? templates[phase];
  if (own !== undefined) return own;
  const isComplete = phase === "production" && verdict === "pass";
  if (channel.type === "statuspage") return isComplete ? open : undefined;
  if (channel.type === "file") return isComplete ? line : otherLine;
  return isComplete ? internal : otherwise;
}

/**
 * A text with its placeholders filled.
 *
 * @param safe makes a value safe where it goes
 * @throws UsageError where it names one that does not exist.
 */
export function fill(
  template: string,
  announcement: Announcement,
  safe: (value: string) => string = (value) => value,
): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const known = placeholders.find((each) => each === name);
    if (known) return safe(announcement[known]);
    const nearest = nearestName(name, placeholders);
    throw new UsageError(
      `a template of notify has {${name}}, which does not exist`,
      nearest
        ? `did you mean {${nearest}}?`
        : `there are ${placeholders.map((each) => `{${each}}`).join(", ")}`,
    );
  });
}

/** The same value with the placeholders in all its texts filled. */
export function fillAll(value: unknown, announcement: Announcement): unknown {
  if (typeof value === "string") return fill(value, announcement);
  if (Array.isArray(value)) return value.map((each) => fillAll(each, announcement));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fillAll(each, announcement)]));
}
