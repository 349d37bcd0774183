import { expect, test } from "vitest";
import { Evidence } from "../../../src/isolation/evidence.js";
import { exchangeOf } from "../../../src/isolation/exchange.js";

const binding = { tenantHeader: "X-Tenant-ID", tokenHeader: "Authorization", tokenScheme: "Bearer" };

test("no part of a token is in evidence: with its scheme, escaped, or where a long body is cut", () => {
  const token = "Bearer aa/secret-0123456789-0123456789";
  const bare = token.slice(7);
  const evidence = new Evidence([{ name: "a", tenantId: "1", token }], binding);
  const body = `${JSON.stringify({ said: bare, escaped: bare }).replaceAll("/", "\\/")}${"x".repeat(1900)}${bare}`;
  const request = {
    method: "GET",
    url: `http://127.0.0.1/x?t=${bare}`,
    headers: { Authorization: token, "X-Tenant-ID": ["1"] },
  };
  const exchange = exchangeOf("a", request, {
    status: 200,
    headers: {},
    body,
    isTruncated: false,
    durationMs: 1,
  });
  const text = JSON.stringify([evidence.exchange(exchange), evidence.curl(exchange)]);
  expect(text).not.toContain("secret-0123");
  expect(text).toContain("$TOKEN_A");
});
