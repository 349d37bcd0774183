import type { HttpRequest } from "../adapters/http/message.js";
import type { Actor, Binding } from "./actor.js";
import { canariesIn } from "./canary.js";
import type { Exchange } from "./exchange.js";
import type { Leak } from "./probe.js";

const longestBody = 2000;
const mostSeen = 10;
const secretParameter = /([?&][\w-]*(?:sig|signature|token|credential|secret)[\w-]*=)[^&"'\s\\]+/gi;
const secretField = /("[\w-]*(?:secret|token|password|api_?key)[\w-]*"\s*:\s*")[^"]+(")/gi;

/** Turns exchanges into evidence that holds no token. */
export class Evidence {
  readonly #secrets: readonly string[];

  constructor(
    readonly actors: readonly Actor[],
    readonly binding: Binding,
  ) {
    this.#secrets = actors.flatMap(({ token }) => (token ? formsOf(token) : []));
  }

  /** Both exchanges, what was seen where, and the command that shows it again. */
  of({ variant, attack, control, seen }: Leak): Record<string, unknown> {
    return {
      variant,
      seen: seen.slice(0, mostSeen).map(({ kind, path, value }) => {
        const [canary = value] = kind === "planted" ? canariesIn(attack.response.body, value) : [];
        return { kind, path, value: this.hide(canary) };
      }),
      attack: this.exchange(attack),
      ...(control ? { control: this.exchange(control) } : {}),
      curl: this.curl(attack),
    };
  }

  exchange({ as, request, response }: Exchange): Record<string, unknown> {
    const { body } = response;
    return {
      as,
      request: `${request.method} ${this.hide(request.url)}`,
      headers: this.headers(request),
      ...(request.body === undefined ? {} : { requestBody: this.hide(request.body) }),
      status: response.status,
      body: shortened(this.hide(body)),
    };
  }

  /** A line for a shell in which the tokens stand in the variables that tenantctl reads. */
  curl({ as, request }: Exchange): string {
    const actor = this.actors.find(({ name }) => name === as);
    const headers = Object.entries(request.headers)
      .filter(([name]) => !["user-agent", "accept-encoding", "accept"].includes(name))
      .flatMap(([name, value]) =>
        (typeof value === "string" ? [value] : value).map((each) => [name, each] as const),
      )
      .map(([name, value]) => {
        if (actor?.token && value.includes(actor.token)) {
          return `-H "${name}: ${value.replaceAll(actor.token, `$${variableOf(actor)}`)}"`;
        }
        return `-H ${quoted(value === "" ? `${name};` : `${name}: ${this.hide(value)}`)}`;
      });
    const method = request.method === "GET" ? [] : ["-X", request.method];
    const body = request.body === undefined ? [] : ["--data", quoted(this.hide(request.body))];
    return ["curl", "-sS", ...method, ...headers, ...body, quoted(this.hide(request.url))].join(" ");
  }

  /** A text without the tokens that stand in it, nor what signs a link or is called a secret. */
  hide(text: string): string {
    const bare = this.#secrets.reduce((left, secret) => left.replaceAll(secret, "[redacted]"), text);
    return bare.replace(secretParameter, "$1[redacted]").replace(secretField, "$1[redacted]$2");
  }

  private headers({ headers }: HttpRequest): Record<string, unknown> {
    const shown = Object.entries(headers).filter(
      ([name]) => !["user-agent", "accept-encoding"].includes(name),
    );
    return Object.fromEntries(
      shown.map(([name, value]) => [
        name,
        name.toLowerCase() === this.binding.tokenHeader.toLowerCase()
          ? "[redacted]"
          : typeof value === "string"
            ? this.hide(value)
            : value.map((each) => this.hide(each)),
      ]),
    );
  }
}

/** `TOKEN_A`; of one of its users, `TOKEN_A_VIEWER`. */
function variableOf({ name }: Actor): string {
  return `TOKEN_${name.toUpperCase().match(/\w+/g)?.join("_") ?? "A"}`;
}

/** Hidden first, then cut: half a token is a token's half. */
function shortened(text: string): string {
  return text.length > longestBody ? `${text.slice(0, longestBody)}…` : text;
}

/** A token as it may be said: whole, without its scheme, and as JSON writes it. The longest first. */
function formsOf(token: string): string[] {
  const bare = token.trim().split(/\s+/).at(-1)!;
  const forms = [token, bare].flatMap((each) => [
    each,
    JSON.stringify(each).slice(1, -1),
    each.replaceAll("/", "\\/"),
  ]);
  return [...new Set(forms)]
    .filter((each) => each.length >= 4)
    .sort((left, right) => right.length - left.length);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
