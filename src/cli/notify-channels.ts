import { resolve } from "node:path";
import { resolveSecret } from "../config/secret.js";
import type { Settings } from "../config/settings.js";
import { UsageError } from "../findings/errors.js";
import { nearestName } from "../findings/nearest.js";
import type { Channel, GivenChannel } from "../notify/index.js";

/** Fields that are secret even where they stand in config as they are. */
const secretFields: readonly string[] = ["url", "password", "routingKey", "token"];

/**
 * The channels of config that are meant, with what they refer to. One whose secret is missing is told as such.
 *
 * @throws UsageError where there are none, or none of a name.
 */
export function readChannels(settings: Settings, names: readonly string[] | undefined): GivenChannel[] {
  const sections = settings.notify.channels ?? {};
  const known = Object.keys(sections);
  if (known.length === 0)
    throw new UsageError(
      "config has no notify.channels",
      'add one: notify: { channels: { team: { type: "slack", url: env("SLACK_WEBHOOK_URL") } } }',
    );
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, known);
    throw new UsageError(
      `config has no channel ${unknown}`,
      nearest ? `did you mean --channel ${nearest}?` : `there are ${known.join(", ")}`,
    );
  }
  return Object.entries(sections)
    .filter(([name]) => names?.includes(name) ?? true)
    .map(([name, section]) => channelFrom(name, section, settings));
}

type Section = NonNullable<NonNullable<Settings["notify"]["channels"]>[string]>;

function channelFrom(name: string, section: Section, { variables, base }: Settings): GivenChannel {
  const secrets: string[] = [];
  const resolved = (value: unknown, what: string, isSecret: boolean): unknown => {
    if (typeof value === "string") {
      const isReference = /^(env|file):/.test(value);
      const text = isReference ? resolveSecret(value, what, variables, base).reveal() : value;
      if (isReference || isSecret) secrets.push(text);
      return text;
    }
    if (Array.isArray(value)) return value.map((each) => resolved(each, what, isSecret));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        key,
        resolved(each, `${what}.${key}`, isSecret || secretFields.includes(key) || key === "headers"),
      ]),
    );
  };
  try {
    const channel = { ...(resolved(section, `notify.channels.${name}`, false) as Section), name, secrets };
    return {
      channel: (channel.type === "file"
        ? { ...channel, path: resolve(base, channel.path) }
        : channel) as Channel,
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { name, type: section.type, problem: error.message };
  }
}
