import { HttpClient, type HttpOptions } from "../adapters/http/client.js";
import { HttpFailure } from "../adapters/http/failure.js";
import { UsageError } from "../findings/errors.js";
import { exchangeOf } from "./exchange.js";
import { isObject } from "./json.js";
import { foundAt } from "./place.js";

/** How an API is signed in to. */
export interface LogIn {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** With `{name}` in its texts where a credential of that name goes. */
  readonly body: unknown;
  /** Where the answer has the token: a field, a JSON pointer, `header:Set-Cookie`. */
  readonly token: string;
  /** Where it has the tenant's id, if it says it. */
  readonly tenant?: string | undefined;
}

export interface Session {
  readonly token: string;
  readonly tenantId: string | undefined;
}

/**
 * Signs in, and returns the token.
 *
 * @param who as messages name it
 * @throws UsageError where it is refused, or the answer has no token; no credential stands in the message.
 */
export async function logIn(
  http: HttpOptions,
  { method, url, body, token, tenant }: LogIn,
  credentials: Readonly<Record<string, string>>,
  who: string,
): Promise<Session> {
  const client = new HttpClient(http);
  const headers = {
    accept: "application/json",
    "content-type": "application/json",
    "user-agent": "tenantctl",
  };
  try {
    const request = { method, url, headers, body: JSON.stringify(filled(body, credentials)) };
    const exchange = exchangeOf(who, request, await client.send(request));
    const route = `${method} ${new URL(url).pathname}`;
    const { status } = exchange.response;
    if (status < 200 || status >= 300)
      throw new UsageError(
        `tenant ${who} can't sign in: ${route} answers ${status}`,
        `look at isolation.login, and at the credentials of isolation.tenants.${who}`,
      );
    const value = foundAt(token, exchange)?.value;
    if (typeof value !== "string" || value === "")
      throw new UsageError(
        `${route} answers tenant ${who} without a token at ${token}`,
        "say where it is: isolation.login.token is a field's name, a JSON pointer, or header:NAME",
      );
    const id = tenant === undefined ? undefined : foundAt(tenant, exchange)?.value;
    return { token: value, tenantId: id === undefined || id === null ? undefined : String(id) };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    throw new UsageError(`tenant ${who} can't sign in: ${error.message}`, error.hint);
  } finally {
    await client.close();
  }
}

function filled(value: unknown, credentials: Readonly<Record<string, string>>): unknown {
  if (typeof value === "string")
    return value.replace(/\{(\w+)\}/g, (whole, name: string) => credentials[name] ?? whole);
  if (Array.isArray(value)) return value.map((each) => filled(each, credentials));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, credentials)]));
}
