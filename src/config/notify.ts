import * as v from "valibot";

const text = v.pipe(v.string(), v.trim(), v.minLength(1, "it is empty"));
const addresses = v.union([text, v.pipe(v.array(text), v.minLength(1, "it names nobody"))]);
const headers = v.record(text, text);

/** Of every channel. URLs, passwords, keys and tokens are references: `env:NAME`, `file:PATH`. */
const common = {
  /** What it says, with placeholders; else the text of `notify.templates`, else that of the plan. */
  template: v.optional(text),
  /** Sent for these phases only. */
  phases: v.optional(v.array(text)),
};

const slack = v.strictObject({ type: v.literal("slack"), url: text, ...common });

const webhook = v.strictObject({
  type: v.literal("webhook"),
  url: text,
  headers: v.optional(headers),
  /** Texts in it may hold placeholders; without it, all that is known is sent. */
  body: v.optional(v.unknown()),
  ...common,
});

const email = v.strictObject({
  type: v.literal("email"),
  host: text,
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))),
  /** TLS from the first byte (port 465); else STARTTLS where the server offers it. */
  secure: v.optional(v.boolean()),
  /** False only for servers without TLS in a network that is trusted. */
  requireTls: v.optional(v.boolean()),
  user: v.optional(text),
  password: v.optional(text),
  from: text,
  to: addresses,
  subject: v.optional(text),
  ...common,
});

const pagerduty = v.strictObject({
  type: v.literal("pagerduty"),
  routingKey: text,
  severity: v.optional(v.picklist(["critical", "error", "warning", "info"])),
  /** Where events go, if not to PagerDuty's own address. */
  url: v.optional(text),
  ...common,
});

const statuspage = v.strictObject({
  type: v.literal("statuspage"),
  /** `https://api.statuspage.io/v1/pages/PAGE/incidents`, or what speaks like it. */
  url: text,
  token: text,
  /** Word before the token in the header `Authorization`. */
  scheme: v.optional(v.string()),
  status: v.optional(text),
  ...common,
});

const file = v.strictObject({ type: v.literal("file"), path: text, ...common });

/** `notify`: who is told of a rollout, and how. */
export const notify = v.strictObject({
  channels: v.optional(
    v.record(text, v.variant("type", [slack, webhook, email, pagerduty, statuspage, file])),
  ),
  /** Texts by phase, for all channels that have none of their own. */
  templates: v.optional(v.record(text, text)),
});
