import { setMaxListeners } from "node:events";
import { Agent, type Dispatcher } from "undici";
import { decodeBody } from "./decode.js";
import { asFailure } from "./failure.js";
import { type HttpRequest, type HttpResponse, headerLines, headerOf } from "./message.js";
import { Pace, retryAfter } from "./pace.js";

export interface HttpOptions {
  /** Connections to one origin at most. */
  readonly connections: number;
  /** Requests a second at most; undefined is as fast as they come. */
  readonly rate?: number | undefined;
  /** Milliseconds from the start of a request to the end of its answer. */
  readonly timeout: number;
  /** Bytes of a body that are read; the rest is dropped. */
  readonly bodyLimit: number;
  /** Certificates are not verified. */
  readonly isInsecure?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

const mostRedirects = 5;
/** A server that asks for more patience than this is taken at its word: 429 is the answer. */
const longestWait = 30_000;
const mostWaits = 5;

/** Sends requests over kept connections: paced, bounded in time and size, to no other host than the one named. */
export class HttpClient {
  readonly #agent: Agent;
  readonly #pace: Pace;
  /** Requests that were sent, redirects and repetitions included. */
  sent = 0;

  constructor(readonly options: HttpOptions) {
    this.#pace = new Pace(options.rate);
    // Each request under way listens to it.
    if (options.signal) setMaxListeners(0, options.signal);
    this.#agent = new Agent({
      connections: options.connections,
      connect: { rejectUnauthorized: !options.isInsecure, timeout: options.timeout },
      headersTimeout: options.timeout,
      bodyTimeout: options.timeout,
    });
  }

  /**
   * Sends one request. A 429 is waited for as its `Retry-After` says, a redirect followed where it stays on the
   * same origin; what is left of either is the answer.
   *
   * @throws HttpFailure where no whole answer came; the signal's reason once it is aborted.
   */
  async send(request: HttpRequest): Promise<HttpResponse> {
    let current = request;
    let redirects = 0;
    let waits = 0;
    for (;;) {
      const response = await this.#once(current);
      if (response.status === 429 && waits < mostWaits) {
        const wait = retryAfter(headerOf(response, "retry-after"), Date.now()) ?? 500 * 2 ** waits;
        if (wait > longestWait) return response;
        waits += 1;
        this.#pace.hold(wait);
        continue;
      }
      const next = redirects < mostRedirects ? redirectOf(current, response) : undefined;
      if (!next) return response;
      redirects += 1;
      current = next;
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #once({ method, url, headers, body }: HttpRequest): Promise<HttpResponse> {
    const { signal, timeout, bodyLimit } = this.options;
    signal?.throwIfAborted();
    await this.#pace.turn(signal);
    const deadline = AbortSignal.timeout(timeout);
    const ended = signal ? AbortSignal.any([signal, deadline]) : deadline;
    const start = performance.now();
    this.sent += 1;
    try {
      const { origin, pathname, search } = new URL(url);
      const answer = await this.#agent.request({
        origin,
        path: pathname + search,
        method: method as Dispatcher.HttpMethod,
        headers: headerLines(headers),
        body: body ?? null,
        signal: ended,
      });
      const { bytes, isTruncated } = await readBody(answer.body, bodyLimit);
      const encoding = headerText(answer.headers["content-encoding"]);
      const decoded = await decodeBody(bytes, encoding, bodyLimit);
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: decoded.bytes.toString("utf8"),
        isTruncated: isTruncated || decoded.isTruncated,
        durationMs: performance.now() - start,
      };
    } catch (error) {
      signal?.throwIfAborted();
      throw asFailure(deadline.aborted ? timedOut(error) : error, url);
    }
  }
}

/** Reads so many bytes; then lets the connection go, since nobody can say how much would follow. */
async function readBody(body: Dispatcher.ResponseData["body"], limit: number) {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) return { bytes: Buffer.concat(chunks).subarray(0, limit), isTruncated: true };
  }
  return { bytes: Buffer.concat(chunks), isTruncated: false };
}

/** The request that a redirect asks for, on the same origin; undefined where it is none, or leads elsewhere. */
function redirectOf(request: HttpRequest, response: HttpResponse): HttpRequest | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  const location = headerOf(response, "location");
  if (!location || !URL.canParse(location, request.url)) return undefined;
  const target = new URL(location, request.url);
  if (target.origin !== new URL(request.url).origin) return undefined;
  const { method, headers, body } = request;
  // What changes something is sent nowhere else: `DELETE /x/1` that leads to `/x` would mean all of it.
  const isSafe = method === "GET" || method === "HEAD" || method === "POST";
  if (!isSafe && !isSamePlace(request.url, target)) return undefined;
  const becomesGet =
    method !== "GET" &&
    method !== "HEAD" &&
    (response.status === 303 || (response.status < 303 && method === "POST"));
  return {
    method: becomesGet ? "GET" : method,
    url: target.href,
    headers,
    ...(body === undefined || becomesGet ? {} : { body }),
  };
}

/** The same path, with a slash at its end or without. */
function isSamePlace(url: string, target: URL): boolean {
  const bare = (path: string) => path.replace(/\/$/, "");
  return bare(new URL(url).pathname) === bare(target.pathname);
}

function headerText(value: string | string[] | undefined): string {
  return typeof value === "string" ? value : (value?.join(", ") ?? "");
}

function timedOut(cause: unknown): Error {
  return Object.assign(new Error("timed out", { cause }), { code: "UND_ERR_ABORTED" });
}
