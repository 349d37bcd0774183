import type { Mail, SmtpServer } from "../adapters/mail/smtp.js";

/** What there is to tell. */
export interface Announcement {
  readonly app: string;
  readonly version: string;
  readonly environment: string;
  readonly phase: string;
  readonly verdict: "pass" | "fail" | "inconclusive" | "error";
  /** ISO 8601. */
  readonly at: string;
  /** In place of every template. */
  readonly text?: string | undefined;
}

interface Common {
  /** Its key in config. */
  readonly name: string;
  readonly template?: string | undefined;
  readonly phases?: readonly string[] | undefined;
  /** Values that no output may hold. */
  readonly secrets: readonly string[];
}

export interface SlackChannel extends Common {
  readonly type: "slack";
  readonly url: string;
}

export interface WebhookChannel extends Common {
  readonly type: "webhook";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
}

export interface EmailChannel extends Common {
  readonly type: "email";
  readonly host: string;
  readonly port?: number | undefined;
  readonly secure?: boolean | undefined;
  readonly requireTls?: boolean | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly from: string;
  readonly to: string | readonly string[];
  readonly subject?: string | undefined;
}

export interface PagerDutyChannel extends Common {
  readonly type: "pagerduty";
  readonly routingKey: string;
  readonly severity?: "critical" | "error" | "warning" | "info" | undefined;
  readonly url?: string | undefined;
}

export interface StatusPageChannel extends Common {
  readonly type: "statuspage";
  readonly url: string;
  readonly token: string;
  readonly scheme?: string | undefined;
  readonly status?: string | undefined;
}

export interface FileChannel extends Common {
  readonly type: "file";
  /** Absolute. */
  readonly path: string;
}

export type Channel =
  | SlackChannel
  | WebhookChannel
  | EmailChannel
  | PagerDutyChannel
  | StatusPageChannel
  | FileChannel;

/** What is to be sent, ready for whoever carries it. */
export type Parcel =
  | {
      readonly by: "http";
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
    }
  | {
      readonly by: "smtp";
      readonly server: SmtpServer;
      readonly mail: Mail;
    }
  | { readonly by: "file"; readonly path: string; readonly line: string };

/** What became of one channel's message. */
export interface Delivery {
  readonly channel: string;
  readonly type: Channel["type"];
  readonly status: "sent" | "unreached" | "skipped" | "planned";
  readonly attempts: number;
  /** Why it was skipped or not reached. */
  readonly reason?: string;
  /** What was sent, or would be; secrets are `[redacted]`. */
  readonly shown?: unknown;
}
