import { expect, test } from "vitest";
import { expiryOf, flawOfPair } from "../../../src/isolation/token-claims.js";

const jwt = (claims: unknown) =>
  ["{}", JSON.stringify(claims), "s"].map((part) => Buffer.from(part).toString("base64url")).join(".");
const [a, b] = ["tenant-of-a", "tenant-of-b"];
const flaw = (left: unknown, right: unknown, ids = [a, b]) =>
  flawOfPair({ token: jwt(left), tenantId: ids[0]! }, { token: jwt(right), tenantId: ids[1]! });

test("two tokens of two tenants have no flaw, whatever else they share", () => {
  expect(flaw({ sub: "1", tid: a }, { sub: "2", tid: b })).toBe(undefined);
  expect(
    flaw({ sub: "1", iss: "x", tenants: [a, b], tid: a }, { sub: "1", iss: "x", tenants: [a, b], tid: b }),
  ).toBe(undefined);
  expect(flaw({ sub: "1", iat: 1 }, { sub: "2", iat: 1 })).toBe(undefined);
  expect(flaw({ sub: "1", ver: 1 }, { sub: "2", ver: 1 }, ["1", "2"])).toBe(undefined);
  expect(flawOfPair({ token: "opaque", tenantId: a }, { token: "other", tenantId: b })).toBe(undefined);
});

test("tokens of one tenant, of one user, and swapped ones are told", () => {
  expect(flaw({ sub: "1", app: { tid: a } }, { sub: "2", app: { tid: a } })).toMatch(
    /one tenant: both say app\.tid tenant-of-a/,
  );
  expect(flaw({ sub: "x", orgId: 1 }, { sub: "y", orgId: 1 }, ["1", "2"])).toMatch(
    /one tenant: both say orgId 1/,
  );
  expect(flaw({ sub: "1", iat: 1, exp: 2, jti: "x" }, { sub: "1", iat: 3, exp: 4, jti: "y" })).toMatch(
    /one user/,
  );
  expect(flaw({ sub: "1", tid: b }, { sub: "2", tid: a })).toMatch(/swapped: tid/);
});

test("when a token ends: its claim, or nothing", () => {
  expect(expiryOf(`Bearer ${jwt({ exp: 1_600_000_000 })}`)?.toISOString()).toBe("2020-09-13T12:26:40.000Z");
  for (const token of ["opaque", "a.b.c", jwt({ exp: "soon" }), jwt({ exp: 1e300 }), jwt([1])])
    expect(expiryOf(token)).toBe(undefined);
});
