import { expect, test } from "vitest";
import { tenantctlJson } from "../support/cli.js";
import { exampleFolder, type RunningExample, startExample, useExample } from "../support/example.js";
import { signIn } from "../support/example-caller.js";
import { expectValidReport } from "../support/report-schema.js";

const slugs = ["harbor-rentals", "granite-rentals", "cedar-rentals"];
const password = "divanco-demo";

const example = useExample();

async function environment(base: string, number: number) {
  const env: Record<string, string> = { ADMIN_KEY: "test-admin-key", SMOKE_PASSWORD: password };
  for (const [index, slug] of slugs.slice(0, number).entries()) {
    const { token, tenantId } = await signIn(base, slug);
    const letter = "ABC"[index]!;
    Object.assign(env, {
      [`TENANT_${letter}`]: tenantId,
      [`TOKEN_${letter}`]: token,
      [`SLUG_${letter}`]: slug,
    });
  }
  return env;
}

async function smoke({ base }: RunningExample, number: number, ...args: string[]) {
  const env = await environment(base, number);
  const result = await tenantctlJson(["smoke", "--base-url", base, ...args], { cwd: exampleFolder, env });
  expectValidReport(result);
  for (const name of ["TOKEN_A", "TOKEN_B", "TOKEN_C", "ADMIN_KEY", "SMOKE_PASSWORD"]) {
    if (env[name]) expect(result.stdout + result.stderr, name).not.toContain(env[name]);
  }
  return result;
}

test.each([2, 3])("every workflow of the plan passes for %i tenants at once", async (number) => {
  const { code, report } = await smoke(example.app, number);
  expect(report.checks.flatMap(({ findings }) => findings.map(({ message }) => message))).toEqual([]);
  expect(report.checks.map(({ title, status }) => `${title}: ${status}`)).toEqual([
    "Workflow assets: pass",
    "Workflow quotations: pass",
    "Workflow billing: pass",
    "Workflow reports: pass",
    "Workflow create, read, update, delete: pass",
    "Workflow switch of tenant: pass",
    "Workflow background job: pass",
  ]);
  expect(code).toBe(0);
  const copies = report.checks.flatMap(({ facts }) => facts.copies as { steps: { outcome: string }[] }[]);
  expect(copies).toHaveLength(7 * number);
  const outcomes = copies.flatMap(({ steps }) => steps.map(({ outcome }) => outcome));
  // What cleans up found its object deleted already.
  expect(outcomes.filter((outcome) => outcome !== "passed")).toEqual(Array(number).fill("skipped"));
});

test("without its guard: each route with an id in its path is found, and lists and reports are not", async () => {
  const open = await startExample(example.database.url, { TENANT_GUARD_MODE: "off" });
  try {
    const { code, report } = await smoke(open, 2);
    expect(code).toBe(1);
    const found = report.checks.flatMap(({ findings }) =>
      findings.map(({ rule, subject }) => `${rule} ${subject.workflow}: ${subject.route}`),
    );
    const leaks = (workflow: string, ...routes: string[]) =>
      routes.map((route) => `smoke/visible-to-other-tenant ${workflow}: ${route.replace(" ", " /api/v1/")}`);
    expect(found.sort()).toEqual(
      [
        ...leaks("assets", "GET assets/{asset}"),
        ...leaks("quotations", "GET quotations/{quotation}", "GET contracts/{contract}"),
        ...leaks(
          "billing",
          "GET quotations/{quotation}",
          "GET contracts/{contract}",
          "GET invoices/{invoice}",
        ),
        ...leaks("create, read, update, delete", "GET assets/{asset}", "PATCH assets/{asset}"),
        ...leaks("switch of tenant", "GET clients/{client}"),
      ].sort(),
    );
    expect(report.checks.filter(({ status }) => status === "pass").map(({ title }) => title)).toEqual([
      "Workflow reports",
      "Workflow background job",
    ]);
  } finally {
    await open.stop();
  }
});
