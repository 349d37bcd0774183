import { afterAll, beforeAll, expect, test } from "vitest";
import { compareFindings } from "../../src/findings/finding.js";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { createExampleDatabase, exampleFolder } from "../support/example.js";
import { expectValidReport } from "../support/report-schema.js";

let example: Awaited<ReturnType<typeof createExampleDatabase>>;
beforeAll(async () => {
  example = await createExampleDatabase();
});
afterAll(() => example.drop());
const run = (...args: string[]) =>
  tenantctlJson(args, { cwd: exampleFolder, env: { DATABASE_URL: example.url } });

/** What the example's README lists, and nothing else. */
const planted = [
  {
    rule: "db/cross-tenant-reference",
    subject: { table: "_AssetToTag", column: "B" },
    evidence: { rows: 3 },
  },
  {
    rule: "db/cross-tenant-reference",
    subject: { model: "Rental", table: "rentals", column: "clientId" },
    evidence: { rows: 5 },
  },
  {
    rule: "db/orphan-rows",
    subject: { model: "SupplyUsage", table: "supply_usages", column: "tenantId" },
    evidence: { rows: 37 },
  },
  {
    rule: "db/null-tenant-rows",
    subject: { model: "AuditLog", table: "audit_logs", column: "tenantId" },
    evidence: { rows: 12 },
  },
  { rule: "registry/unregistered-model", subject: { model: "WebhookEvent" } },
  { rule: "registry/name-case", subject: { model: "SupplyUsage" }, evidence: { listed: "supplyUsage" } },
  { rule: "db/missing-index", subject: { model: "Payment", table: "payments", column: "tenantId" } },
  { rule: "db/invalid-index", subject: { table: "assets", index: "assets_serial_number_key" } },
  { rule: "db/missing-foreign-key", subject: { table: "supply_usages", column: "tenantId" } },
  { rule: "registry/unique-without-tenant", subject: { model: "Client", field: "taxId" } },
  { rule: "db/nullable-column", subject: { table: "audit_logs", column: "tenantId" } },
  {
    rule: "db/unvalidated-foreign-key",
    subject: { table: "quotations", constraint: "quotations_tenantId_fkey" },
  },
  { rule: "db/unmapped-table", subject: { table: "legacy_asset_imports" } },
  { rule: "db/schema-drift", subject: { table: "assets", column: "purchasePrice" } },
];

test("the audit finds every planted fault with its count, once, and nothing else", async () => {
  const { report, code, stdout, stderr } = await run("audit");
  expectValidReport({ code, stdout, stderr });
  expect(code).toBe(1);
  const findings = report.checks.flatMap((check) => check.findings).sort(compareFindings);
  expect(findings).toMatchObject(planted);
  expect(findings).toHaveLength(planted.length);
  expect(new Set(findings.map((finding) => finding.fingerprint)).size).toBe(planted.length);
  expect(report.summary).toEqual({ error: 9, warning: 5, info: 0, suppressed: 0 });
});

test("the same database gives the same findings, in the same order", async () => {
  const [first, second] = [await run("audit"), await run("audit", "--jobs", "1")];
  expect(first.report.checks.map((check) => check.findings)).toEqual(
    second.report.checks.map((check) => check.findings),
  );
});

test.each([
  ["db readiness", ["readiness"], 7],
  ["db orphans", ["orphans"], 2],
  ["db references", ["references"], 2],
  ["registry validate", ["registry"], 4],
])("%s is one check of it", async (command, checks, findings) => {
  const result = await run(...command.split(" "));
  expectValidReport(result);
  expect(result.report.command).toBe(command);
  expect(result.report.checks.map((check) => check.id)).toEqual(checks);
  expect(result.report.checks[0]?.findings).toHaveLength(findings);
});

test("what registry generate proposes passes registry validate, save for the schema's own faults", async () => {
  const { tmpdir } = await import("node:os");
  const { mkdtempSync, readFileSync, rmSync } = await import("node:fs");
  const { join } = await import("node:path");
  const folder = mkdtempSync(join(tmpdir(), "tenantctl-generate-"));
  const module = join(folder, "registry.ts");
  const generated = await run("registry", "generate", "--output", module);
  expectValidReport(generated);
  expect(generated.code).toBe(0);
  expect(readFileSync(module, "utf8")).toMatch(
    /"AuditLog", \/\/ own column tenantId. DECIDE: tenantId is optional/,
  );

  const validated = await run("registry", "validate", "--registry", module);
  expect(validated.code).toBe(0);
  expect(validated.report.checks[0]?.findings.map((finding) => finding.rule)).toEqual([
    "registry/nullable-column",
    "registry/unique-without-tenant",
  ]);

  const again = await tenantctl(["registry", "generate", "--output", module], { cwd: exampleFolder });
  expect(again.code).toBe(64);
  expect(again.stderr).toMatch(/exists already/);
  rmSync(folder, { recursive: true });
});

test("registry list names table, category, path, index and foreign key of every model", async () => {
  const { report, code } = await run("registry", "list");
  expect(code).toBe(0);
  const { models } = report.checks[0]!.facts as { models: Record<string, unknown>[] };
  expect(models).toHaveLength(20);
  expect(models).toContainEqual({
    model: "ClientBusinessUnit",
    table: "client_business_units",
    schema: null,
    kind: "model",
    category: "sub-scoped",
    tenantPath: "tenantId",
    index: "(tenantId)",
    foreignKey: "Tenant.id",
  });
  expect(models).toContainEqual(
    expect.objectContaining({
      model: "InvoiceLine",
      category: "special",
      tenantPath: "invoice → Invoice.tenantId",
    }),
  );
});
