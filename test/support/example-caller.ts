/** What the example answered. `text` is the whole body, for a search; `body` the JSON in it, if it is any. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of each answer
  readonly body: any;
}

/** One user of the example, who sends what a web interface would: token and tenant with every request. */
export interface Caller {
  readonly tenantId: string;
  send(method: string, path: string, body?: unknown, headers?: Headers): Promise<Answer>;
  /** A stream that stays open until `signal` ends it. */
  open(path: string, signal: AbortSignal): Promise<AsyncIterable<string>>;
}

/** Headers over the usual ones; a null takes one away. */
export type Headers = Record<string, string | null>;

export interface Session {
  readonly token: string;
  readonly tenantId: string;
}

/** Signs the administrator of a seeded tenant in. */
export async function signIn(base: string, slug: string): Promise<Session> {
  const body = JSON.stringify({ tenant: slug, email: `admin@${slug}.example`, password: "divanco-demo" });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${base}/api/v1/auth/login`, { method: "POST", headers, body });
  if (response.status !== 200) throw new Error(`${slug} can't sign in: ${response.status}`);
  return (await response.json()) as Session;
}

/** A session at work on one server. Tokens of one server hold on another with the same secret. */
export function callerOf(base: string, { token, tenantId }: Session): Caller {
  const usual = { authorization: `Bearer ${token}`, "x-tenant-id": tenantId };
  const url = (path: string) => `${base}/api/v1${path}`;
  return {
    tenantId,
    send: async (method, path, body, headers = {}) => {
      const given = Object.entries({ ...usual, "content-type": "application/json", ...headers });
      const response = await fetch(url(path), {
        method,
        headers: given.filter((entry): entry is [string, string] => entry[1] !== null),
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, text, body: parsed(text) };
    },
    open: async (path, signal) => {
      const response = await fetch(url(path), { headers: usual, signal });
      if (!response.body) throw new Error(`${path} has no body`);
      return response.body.pipeThrough(new TextDecoderStream());
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
