import { expect, test } from "vitest";
import { attribute } from "../../../../src/database/connections/attribution.js";
import { edgeComments } from "../../../../src/database/connections/comments.js";
import type { Tenancy } from "../../../../src/registry/index.js";

const tenancy = { model: { name: "Organization" }, column: "orgId" } as unknown as Tenancy;

function of(application: string, text: string | null = null, pattern?: string) {
  return attribute([{ application, text }], tenancy, pattern)[0];
}

test.each([
  ["tenant:acme", "acme"],
  ["api tenant=acme", "acme"],
  ["api[tenant_id:acme]", "acme"],
  ["api/organization-id=4711, v2", "4711"],
  ["ORG_ID:acme", "acme"],
  ["OrganizationId:acme - 10.0.0.7:4711", "acme"],
  ["api", undefined],
  ["subtenant:acme", undefined],
  ["tenant: ", undefined],
  ["tenants", undefined],
  ["", undefined],
])("application %s", (name, tenant) => {
  expect(of(name)).toEqual(tenant && { tenant, by: "application_name" });
});

test.each([
  ["/*tenant_id='acme'*/ select 1", "acme"],
  ["/* tenant:acme */ select 1", "acme"],
  ["-- tenant = acme\nselect 1", "acme"],
  ["/* a */ /* org_id:7 */ select 1", "7"],
  ["select 1 /*action='list',organization_id='a%20b',route='%2Fx'*/", "a b"],
  ["select 1 /*tenant='it\\'s'*/;", "it's"],
  ["select '/* tenant:acme */' from x", undefined],
  ["select 1 /* tenant:acme */ from x", undefined],
  ["select 1 /*mytenant='x'*/", undefined],
  ["/* tenant:acme select 1", undefined],
  ["/*tenant_id='%E0%A4'*/ select 1", "%E0%A4"],
  ["", undefined],
])("comment of %s", (text, tenant) => {
  expect(of("api", text)).toEqual(tenant && { tenant, by: "comment" });
});

test("the application's name comes before a comment; config's pattern is for names only", () => {
  expect(of("tenant:a", "/* tenant:b */ select 1")?.tenant).toBe("a");
  expect(of("tenant:a", "/* tenant:b */ select 1", "^x-(?<tenant>.+)")).toEqual({
    tenant: "b",
    by: "comment",
  });
});

test("comments of any length are read at once", () => {
  const start = performance.now();
  for (const piece of ["/*", "*/", "tenant=", "'", "\\", "a=", " ", "--"]) of("x", piece.repeat(200_000));
  of("x", `/*${"tenant='".repeat(10_000)}*/ select 1`);
  expect(performance.now() - start).toBeLessThan(2000);
  expect(edgeComments(`/* a */ select 1 -- b`)).toEqual([" a "]);
});
