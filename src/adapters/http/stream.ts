import { Agent, type Dispatcher } from "undici";
import type { HttpOptions } from "./client.js";
import { asFailure } from "./failure.js";
import { type HttpRequest, type HttpResponse, headerLines } from "./message.js";

/** An answer that stays open: what it has said so far. */
export interface HttpStream {
  readonly request: HttpRequest;
  /** The answer up to now; its body grows. */
  response(): HttpResponse;
  /** Ends it; nothing more is read. */
  close(): Promise<void>;
}

/**
 * Opens an answer that has no end, such as server-sent events, on a connection of its own.
 *
 * @throws HttpFailure where no answer begins in time; the signal's reason once it is aborted.
 */
export async function openStream(
  request: HttpRequest,
  { timeout, bodyLimit, isInsecure, signal }: HttpOptions,
): Promise<HttpStream> {
  const agent = new Agent({
    connect: { rejectUnauthorized: !isInsecure, timeout },
    headersTimeout: timeout,
    bodyTimeout: 0,
  });
  const start = performance.now();
  const { origin, pathname, search } = new URL(request.url);
  try {
    const { statusCode, headers, body } = await agent.request({
      origin,
      path: pathname + search,
      method: request.method as Dispatcher.HttpMethod,
      headers: headerLines(request.headers),
      body: request.body ?? null,
      ...(signal ? { signal } : {}),
    });
    let text = "";
    body.setEncoding("utf8");
    body.on("data", (chunk: string) => {
      if (text.length < bodyLimit) text += chunk;
    });
    // The connection's end is ours to choose; the server's shows in what is missing.
    body.on("error", () => {});
    return {
      request,
      response: () => ({
        status: statusCode,
        headers,
        body: text,
        isTruncated: false,
        durationMs: performance.now() - start,
      }),
      close: () => agent.destroy(),
    };
  } catch (error) {
    await agent.destroy();
    signal?.throwIfAborted();
    throw asFailure(error, request.url);
  }
}
