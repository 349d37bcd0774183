import { expect, test } from "vitest";
import { requestFrom } from "../../../src/smoke/request.js";
import { filled, filledText, placeholdersIn, UnknownPlaceholder } from "../../../src/smoke/template.js";

const values = new Map<string, unknown>([
  ["asset", "a/b c"],
  ["count", 3],
  ["row", { id: 1 }],
  ["env:KEY", "secret-key"],
]);

test("placeholders are filled in, and a text that is nothing but one keeps its type", () => {
  expect(
    filled({ id: "{asset}", n: "{count}", text: "{count} of {asset}", row: ["{row}"], no: null }, values),
  ).toEqual({
    ...{ id: "a/b c", n: 3, text: "3 of a/b c", row: [{ id: 1 }], no: null },
  });
});

test("what is no placeholder stays as it is", () => {
  for (const text of ["query { me { id } }", "{}", "{ asset }", "{1}", "a{b", "}{"])
    expect(filledText(text, values)).toBe(text);
  expect(filledText("{{asset}} {asset}", values)).toBe("{asset} a/b c");
});

test("secrets are named alone, as everywhere in config, or inside a text", () => {
  expect(filled({ key: "env:KEY", basic: "Basic {env:KEY}" }, values)).toEqual({
    key: "secret-key",
    basic: "Basic secret-key",
  });
  expect(placeholdersIn({ a: "env:KEY", b: ["file:/run/x", "{asset}"], c: "{{asset}}" })).toEqual([
    "env:KEY",
    "file:/run/x",
    "asset",
  ]);
  // A sentence that begins so is none.
  expect(placeholdersIn("env: not a name")).toEqual([]);
});

test("a value that nobody knows is an error, not an empty text", () => {
  expect(() => filledText("/x/{other}", values)).toThrow(UnknownPlaceholder);
});

const target = {
  baseUrl: "http://api.test/v1",
  binding: { tokenHeader: "Authorization", tokenScheme: "Bearer", tenantHeader: "X-Tenant-ID" },
};
const sender = { actor: { name: "a", tenantId: "t/1", token: "abc" }, isAnonymous: false };
const template = {
  method: "GET",
  path: "/t/{tenant}/assets/{asset}?page=1",
  query: {},
  headers: {},
  body: undefined,
};

test("a path's values are encoded, and the tenant in it is the sender's", () => {
  const request = requestFrom({ ...template, query: { q: "{asset}", n: 2 } }, sender, values, target);
  expect(request.url).toBe("http://api.test/v1/t/t%2F1/assets/a%2Fb%20c?page=1&q=a%2Fb+c&n=2");
  expect(request.headers).toMatchObject({ Authorization: "Bearer abc", "X-Tenant-ID": ["t/1"] });
  const asOwner = requestFrom(template, { ...sender, pathTenant: "t2" }, values, target);
  expect(asOwner.url).toContain("/t/t2/assets/");
});

test("own headers win whatever their case, null leaves one out, nobody has no token", () => {
  const headers = { "x-tenant-id": "{asset}", AUTHORIZATION: null, "X-Key": "env:KEY" };
  const request = requestFrom({ ...template, headers }, sender, values, target);
  expect(request.headers).toMatchObject({ "x-tenant-id": "a/b c", "X-Key": "secret-key" });
  expect(request.headers).not.toHaveProperty("Authorization");
  expect(request.headers).not.toHaveProperty("X-Tenant-ID");
  const nobody = requestFrom(template, { ...sender, isAnonymous: true }, values, target);
  expect(nobody.headers).not.toHaveProperty("Authorization");
});

test("a body that is a text is sent as it stands, any other as JSON", () => {
  const form = { ...template, method: "POST", body: "id={count}", headers: { "Content-Type": "text/plain" } };
  expect(requestFrom(form, sender, values, target)).toMatchObject({
    body: "id=3",
    headers: { "Content-Type": "text/plain" },
  });
  expect(
    requestFrom({ ...template, method: "POST", body: { id: "{count}" } }, sender, values, target),
  ).toMatchObject({
    body: '{"id":3}',
    headers: { "content-type": "application/json" },
  });
});
