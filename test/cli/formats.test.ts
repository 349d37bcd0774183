import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { completeFindings, type FindingDraft } from "../../src/findings/finding.js";
import { buildErrorReport, buildReport, type CheckResult } from "../../src/findings/report.js";
import { renderJunit } from "../../src/render/report-junit.js";
import { renderMarkdown } from "../../src/render/report-markdown.js";
import { renderSarif } from "../../src/render/report-sarif.js";
import { tenantctl } from "../support/cli.js";
import { createExampleDatabase, exampleFolder } from "../support/example.js";

let example: Awaited<ReturnType<typeof createExampleDatabase>>;
beforeAll(async () => {
  example = await createExampleDatabase();
});
afterAll(() => example.drop());
const audit = async (format: string) => {
  const { stdout, code } = await tenantctl(["audit", "--quiet", "--format", format], {
    cwd: exampleFolder,
    env: { DATABASE_URL: example.url },
  });
  expect(code).toBe(1);
  return stdout;
};

const require = createRequire(import.meta.url);
const sarifSchema = JSON.parse(
  readFileSync(require.resolve("schemastore/schemas/json/sarif-2.1.0.json"), "utf8"),
) as object;
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const isSarif = ajv.compile(sarifSchema);

function parseSarif(text: string) {
  const log = JSON.parse(text) as {
    runs: {
      invocations: {
        executionSuccessful: boolean;
        toolExecutionNotifications: { message: { text: string } }[];
      }[];
      results: {
        ruleId: string;
        suppressions?: unknown[];
        locations: {
          physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } };
        }[];
      }[];
    }[];
  };
  isSarif(log);
  expect(isSarif.errors ?? []).toEqual([]);
  return log.runs[0]!;
}

interface Suite {
  "@name": string;
  "@failures": string;
  "@errors": string;
  "@skipped": string;
  testcase: {
    "@name": string;
    failure?: unknown;
    error?: { "@message": string };
    skipped?: { "@message": string };
  }[];
}

function parseJunit(text: string): Suite[] {
  expect(XMLValidator.validate(text)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    isArray: (name) => name === "testsuite" || name === "testcase",
  });
  const { testsuites } = parser.parse(text) as { testsuites: { testsuite: Suite[] } };
  return testsuites.testsuite;
}

/** What differs from run to run. */
const steady = (text: string) =>
  text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+Z)?/g, "TIME")
    .replace(/time="[\d.]+"/g, 'time="T"')
    .replace(/\d+(\.\d+)? (ms|s)\b/g, "N ms");

test("junit: a suite a check, a failure for each error, a pass for each rule that found nothing", async () => {
  const text = await audit("junit");
  const suites = parseJunit(text);
  expect(suites.map((suite) => [suite["@name"], Number(suite["@failures"])])).toEqual([
    ["Registry", 2],
    ["Database readiness", 3],
    ["Orphans and rows without a tenant", 2],
    ["References across tenants", 2],
  ]);
  const names = suites.flatMap(({ testcase }) => testcase.map((each) => each["@name"]));
  expect(new Set(names).size).toBe(names.length);
  expect(steady(text)).toMatchSnapshot();
});

test("sarif: valid, and each finding stands at a line of schema or registry", async () => {
  const text = await audit("sarif");
  const { results } = parseSarif(text);
  expect(results).toHaveLength(14);
  const files = new Map<string, string[]>();
  for (const { locations } of results) {
    const { artifactLocation, region } = locations[0]!.physicalLocation;
    expect(artifactLocation.uri).toMatch(/^examples\/divanco\//);
    const lines = files.get(artifactLocation.uri) ?? readFileSync(artifactLocation.uri, "utf8").split("\n");
    files.set(artifactLocation.uri, lines);
    expect(lines[region.startLine - 1]).toBeTruthy();
  }
  expect(results.find(({ ruleId }) => ruleId === "db/missing-index")).toMatchObject({
    locations: [{ physicalLocation: { artifactLocation: { uri: "examples/divanco/prisma/schema.prisma" } } }],
  });
  expect(steady(text.replace(/"markdown": ".*"/g, '"markdown": "PAGE"'))).toMatchSnapshot();
});

test("json and html", async () => {
  const bare = (text: string) =>
    steady(text)
      .replace(/\bexample_\d+_\d+\b/g, "EXAMPLE")
      .replace(/"durationMs": [\d.]+/g, '"durationMs": 0')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME");
  const report = JSON.parse(await audit("json")) as { checks: { facts: Record<string, unknown> }[] };
  // Scans end in any order, and the server has its own version.
  for (const { facts } of report.checks) for (const key of ["scanned", "proven", "server"]) delete facts[key];
  expect(bare(JSON.stringify(report, null, 2))).toMatchSnapshot();
  const html = bare(await audit("html"));
  expect(html.slice(html.indexOf("<main>"), html.indexOf("<h2>What was read"))).toMatchSnapshot();
});

test("markdown: for a comment", async () => {
  expect(steady(await audit("markdown"))).toMatchSnapshot();
});

const nasty = 'a|b `c` <script>x</script> @everyone ]]> \u0007\ud800 "q" & *bold*\nnext';
const drafts: FindingDraft[] = [
  {
    rule: "db/orphan-rows",
    subject: { schema: "public", table: nasty, column: "tenantId" },
    message: nasty,
    remedy: nasty,
    remedySteps: [`select '\`\`\`' ${nasty}`],
    evidence: { rows: 1, sample: [nasty] },
  },
];

function reportOf(check: Partial<CheckResult>, failOn: "error" | "never" = "error") {
  const at = new Date("2026-11-23T12:00:00Z");
  const whole = {
    id: "orphans",
    title: "Orphans",
    status: "pass",
    durationMs: 5,
    facts: {},
    findings: [],
  } as const;
  return buildReport(
    { version: "0.0.0", command: "audit", environment: nasty, startedAt: at, finishedAt: at },
    [{ ...whole, ...check }],
    { failOn, required: [] },
  );
}

const options = { folder: "", page: () => nasty };

test("whatever a database holds, each format stays what it is", () => {
  const report = reportOf({ status: "fail", findings: completeFindings(drafts) });
  expect(parseJunit(renderJunit(report))[0]!["@failures"]).toBe("1");
  expect(parseSarif(renderSarif(report, options)).results).toHaveLength(1);
  const markdown = renderMarkdown(report);
  // A fence that is longer than any in its text holds it all.
  const prose = markdown.replace(/^`{4}sql[\s\S]*^`{4}$/m, "");
  expect(prose).not.toMatch(/<script|@everyone|\u0007/);
  expect(markdown).toContain("a\\|b \\`c\\` &lt;script&gt;");
});

test.each(["inconclusive", "error"] as const)("%s is no pass in any format", (status) => {
  const report = reportOf({ status, reason: "it could not be seen" });
  const [suite] = parseJunit(renderJunit(report));
  expect(suite).toMatchObject({ "@errors": "1", "@failures": "0" });
  expect(suite!.testcase.filter((each) => !each.error)).toEqual([]);
  const run = parseSarif(renderSarif(report, options));
  expect(run.invocations[0]).toMatchObject({
    executionSuccessful: false,
    toolExecutionNotifications: [{ message: { text: "Orphans: it could not be seen" } }],
  });
  expect(renderMarkdown(report)).toContain(status);
});

test("skipped is skipped; accepted findings are too; what is under the bar passes", () => {
  const [skipped] = parseJunit(renderJunit(reportOf({ status: "skipped", reason: "no registry" })));
  expect(skipped).toMatchObject({ "@skipped": "1", "@errors": "0" });
  const findings = completeFindings(drafts);
  const accepted = findings.map((finding) => ({ ...finding, suppression: { reason: "known" } }));
  const [suite] = parseJunit(renderJunit(reportOf({ suppressed: accepted })));
  expect(suite).toMatchObject({ "@skipped": "1", "@failures": "0" });
  expect(
    parseSarif(renderSarif(reportOf({ suppressed: accepted }), options)).results[0]!.suppressions,
  ).toHaveLength(1);
  const [below] = parseJunit(renderJunit(reportOf({ findings }, "never")));
  expect(below).toMatchObject({ "@skipped": "0", "@failures": "0", "@errors": "0" });
});

test("a command that failed is one error in each", () => {
  const at = new Date("2026-11-23T12:00:00Z");
  const header = { version: "0.0.0", command: "audit", environment: "x", startedAt: at, finishedAt: at };
  const report = buildErrorReport(header, "error", { message: "no connection", hint: "try again" });
  expect(parseJunit(renderJunit(report))[0]).toMatchObject({ "@errors": "1" });
  expect(parseSarif(renderSarif(report, options)).invocations[0]!.executionSuccessful).toBe(false);
  expect(renderMarkdown(report)).toContain("**no connection**");
});

test("a comment that would be too long says how much it leaves out", () => {
  const many = Array.from({ length: 4000 }, (_, index) => ({
    ...drafts[0]!,
    rule: (["db/orphan-rows", "db/missing-index", "db/missing-table", "db/schema-drift"] as const)[
      index % 4
    ]!,
    message: "x".repeat(900),
    subject: { table: `t${index}` },
  }));
  const markdown = renderMarkdown(reportOf({ status: "fail", findings: completeFindings(many) }));
  expect(markdown.length).toBeLessThan(65_536);
  expect(markdown).toMatch(/and 1,000 more findings: they do not fit|…and \d,\d{3} more findings/);
});
