import { setTimeout as sleep } from "node:timers/promises";
import type { GeneratedApi, Resource } from "../description.js";
import { type Operation, type OperationKind, operationsOf } from "../operations.js";
import type { ServedApi } from "../server/serve.js";

/** What one request of the tests changes about the usual one. */
export interface Sent {
  readonly parameters?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** An empty list leaves a header out; several values go as several lines. */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the body is no JSON. */
  readonly json: unknown;
}

const mostAttempts = 6;

/** A user of one tenant, or nobody, who sends requests by hand. */
export class Client {
  constructor(
    readonly api: GeneratedApi,
    readonly served: ServedApi,
    readonly tenantId: string,
    readonly token: string | undefined,
  ) {}

  operation(kind: OperationKind, resource?: Resource): Operation {
    const found = operationsOf(this.api).find((each) => each.kind === kind && each.resource === resource);
    if (!found) throw new Error(`the API has no ${kind} of ${resource?.plural ?? "its own"}`);
    return found;
  }

  send(kind: OperationKind, resource: Resource | undefined, sent: Sent = {}): Promise<Received> {
    const { method, path } = this.operation(kind, resource);
    const parameters: Sent["parameters"] = { tenantId: this.tenantId, ...sent.parameters };
    const url = new URL(
      this.served.url +
        path.replace(/\{([^}]+)\}/g, (_, name) => encodeURIComponent(String(parameters[name]))),
    );
    for (const [name, value] of Object.entries(sent.query ?? {})) url.searchParams.set(name, value);
    return this.fetch(method, url.href, sent);
  }

  /** Random failures and rate limits are asked again, as any client does. */
  async fetch(method: string, url: string, { body, headers = {} }: Sent = {}): Promise<Received> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(url, {
        method,
        headers: this.headers(headers, body !== undefined),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isPassing = response.status === 429 || (response.status === 500 && this.api.noise.failures > 0);
      if (!isPassing || attempt === mostAttempts)
        return { status: response.status, headers: response.headers, text, json: parsed(text) };
      await sleep(response.status === 429 ? 1000 : 5);
    }
  }

  headers(changed: NonNullable<Sent["headers"]>, hasBody: boolean): Headers {
    const { tokenHeader, tokenScheme, tenantHeader } = this.served.binding;
    const usual: Record<string, readonly string[]> = {
      ...(this.token ? { [tokenHeader]: [`${tokenScheme} ${this.token}`.trim()] } : {}),
      ...(tenantHeader ? { [tenantHeader]: [this.tenantId] } : {}),
      ...(hasBody ? { "content-type": ["application/json"] } : {}),
    };
    const headers = new Headers();
    for (const [name, values] of Object.entries({ ...usual, ...changed }))
      for (const value of values) headers.append(name, value);
    return headers;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
