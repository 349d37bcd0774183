import { isLoopback } from "../adapters/http/loopback.js";
import type { SmtpServer } from "../adapters/mail/smtp.js";
import { fill, fillAll } from "./text.js";
import type {
  Announcement,
  Channel,
  EmailChannel,
  PagerDutyChannel,
  Parcel,
  StatusPageChannel,
  WebhookChannel,
} from "./types.js";

const pagerDuty = "https://events.pagerduty.com/v2/enqueue";

/**
 * What a channel is sent.
 *
 * @throws UsageError where a template has a placeholder that does not exist.
 */
export function pack(channel: Channel, template: string, announcement: Announcement): Parcel {
  const text = fill(template, announcement, channel.type === "slack" ? escapeSlack : undefined);
  switch (channel.type) {
    case "slack":
      return toHttp(channel.url, {}, { text });
    case "webhook":
      return toHttp(channel.url, channel.headers ?? {}, webhookBody(channel, text, announcement));
    case "pagerduty":
      return toHttp(channel.url ?? pagerDuty, {}, pagerDutyEvent(channel, text, announcement));
    case "statuspage":
      return statusPageIncident(channel, text, announcement);
    case "email":
      return mail(channel, text, announcement);
    case "file":
      return { by: "file", path: channel.path, line: oneLine(text) };
  }
}

function toHttp(url: string, headers: Readonly<Record<string, string>>, body: unknown): Parcel {
  return { by: "http", url, headers: { "content-type": "application/json", ...headers }, body };
}

/** Slack reads these three as the start of links and mentions. */
function escapeSlack(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function webhookBody({ body }: WebhookChannel, text: string, announcement: Announcement): unknown {
  if (body !== undefined) return fillAll(body, announcement);
  const { app, version, environment, phase, verdict, at } = announcement;
  return { text, app, version, environment, phase, verdict, at };
}

/** Events API v2. One incident for an application's environment: what fails opens it, what passes ends it. */
function pagerDutyEvent(
  { routingKey, severity }: PagerDutyChannel,
  text: string,
  announcement: Announcement,
) {
  const { app, version, environment, phase, verdict, at } = announcement;
  const event = { routing_key: routingKey, dedup_key: `tenantctl/${app}/${environment}` };
  if (verdict === "pass") return { ...event, event_action: "resolve" };
  return {
    ...event,
    event_action: "trigger",
    payload: {
      // The API takes 1,024 characters at most.
      summary: text.slice(0, 1024),
      source: `${app} ${environment}`,
      severity: severity ?? (verdict === "fail" ? "critical" : verdict === "error" ? "error" : "warning"),
      timestamp: at,
      custom_details: { app, version, environment, phase, verdict },
    },
  };
}

function statusPageIncident(
  { url, token, scheme = "OAuth", status = "resolved" }: StatusPageChannel,
  text: string,
  { app, at }: Announcement,
): Parcel {
  return toHttp(
    url,
    { authorization: [scheme, token].filter(Boolean).join(" ") },
    { incident: { name: oneLine(text), status, body: `${text} (${app}, ${at})`, impact_override: "none" } },
  );
}

function mail(channel: EmailChannel, text: string, announcement: Announcement): Parcel {
  const { host, secure = false, user, password, from, to, subject } = channel;
  return {
    by: "smtp",
    server: {
      ...{ host, port: channel.port ?? (secure ? 465 : 587), tls: tlsOf(channel) },
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
    },
    mail: {
      ...{ from, to: [to].flat(), text },
      subject: oneLine(subject === undefined ? text : fill(subject, announcement)),
    },
  };
}

/** A password must not cross a network that others can listen to; on loopback nobody has to be kept out. */
function tlsOf({ host, secure, requireTls, user }: EmailChannel): SmtpServer["tls"] {
  if (secure) return "always";
  if (requireTls ?? (user !== undefined && !isLoopback(host))) return "required";
  return isLoopback(host) ? "none" : "offered";
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
