import type { HttpRequest, HttpResponse } from "../adapters/http/message.js";
import { type Parsed, parseBody } from "./leaves.js";

/** A request and its answer. */
export interface Exchange {
  /** Name of the actor whose token it bore. */
  readonly as: string;
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly parsed: Parsed;
}

export function exchangeOf(as: string, request: HttpRequest, response: HttpResponse): Exchange {
  let parsed: Parsed | undefined;
  return {
    as,
    request,
    response,
    // Of many answers only the text is looked at.
    get parsed() {
      parsed ??= parseBody(response.body);
      return parsed;
    },
  };
}

/** What an answer says by its status alone. */
export type Disposition = "served" | "denied" | "failed" | "redirected" | "limited";

export function dispositionOf({ response: { status } }: Exchange): Disposition {
  if (status >= 200 && status < 300) return "served";
  if (status >= 500) return "failed";
  if (status === 429) return "limited";
  return status >= 400 ? "denied" : "redirected";
}

/** Where values stand in an answer, whatever they are; sorted. */
export function placesOf({ parsed: { leaves } }: Exchange): string[] {
  return leaves.map(({ path }) => path).sort();
}

/** Everything that a request said: what an answer may repeat without knowing it. */
export function saidIn({ url, headers, body = "" }: HttpRequest): string {
  return [url, safelyDecoded(url), ...Object.values(headers).flat(), body].join("\n");
}

function safelyDecoded(url: string): string {
  try {
    return decodeURIComponent(url.replaceAll("+", " "));
  } catch {
    return url;
  }
}
