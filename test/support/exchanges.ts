import { exchangeOf } from "../../src/isolation/exchange.js";
import type { Exchange } from "../../src/isolation/index.js";

/** An answer that nobody sent. */
export function answered(
  body: unknown,
  { status = 200, headers = {} as Record<string, string> } = {},
): Exchange {
  const request = { method: "GET", url: "http://api.test/x", headers: {} };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return exchangeOf("a", request, { status, headers, body: text, isTruncated: false, durationMs: 1 });
}
