import { expect, test } from "vitest";
import type { Finding } from "../../../src/findings/finding.js";
import { buildReport, type CheckResult } from "../../../src/findings/report.js";
import { withoutSamples } from "../../../src/findings/samples.js";
import { renderJunit } from "../../../src/render/report-junit.js";
import { renderMarkdown } from "../../../src/render/report-markdown.js";

const table = {
  ...{
    schema: "public",
    table: "assets",
    model: "Asset",
    basis: "scan",
    rows: 40,
    bytes: 8192,
    durationMs: 1,
  },
  ...{ tenantsWithRows: 2, tenantsWithNothing: 1, rowsWithoutTenant: 0, rowsOfUnknownTenants: 0 },
  ...{
    gini: 0.5,
    topShare: 0.75,
    tenants: [{ tenant: "secret-tenant", name: "N", rows: 30, share: 0.75, bytes: 1 }],
    nothing: [],
  },
};
const check: CheckResult = {
  ...{ id: "distribution", title: "Distribution", status: "pass", durationMs: 1, findings: [] },
  facts: { tables: [table] },
};
const at = new Date("2026-11-23T12:00:00Z");
const report = buildReport(
  { version: "0.0.0", command: "db distribution", environment: "default", startedAt: at, finishedAt: at },
  [check],
  { failOn: "error", required: [] },
);

test("a distribution is in a comment and on a test page too", () => {
  expect(renderMarkdown(report)).toContain("| assets | 40 | 8.0 kB | 2 | 1 | 0.50 | 75.0 % |");
  expect(renderJunit(report)).toMatch(/name="assets"[^>]*>\s*<system-out>Rows: 40/);
});

test("--no-samples leaves out what a partial index compares with", () => {
  const finding: Finding = {
    rule: "db/missing-index",
    severity: "error",
    subject: {},
    message: "m",
    remedy: "r",
    fingerprint: "f",
    evidence: {
      indexes: ["a: btree (x) where (mail = 'someone@example.com'::text)"],
      definition: "b: btree (y)",
    },
  };
  const [bare] = withoutSamples([{ ...check, findings: [finding] }]);
  expect(JSON.stringify(bare)).not.toMatch(/someone@example|secret-tenant/);
  expect(bare!.findings[0]!.evidence).toEqual({
    indexes: ["a: btree (x) where …"],
    definition: "b: btree (y)",
  });
});
