import { compareFindings, type Finding, type Severity, type SuppressedFinding } from "../findings/finding.js";
import type { Report } from "../findings/report.js";
import { type RuleId, rules } from "../findings/rules.js";
import { prismaLines } from "./prisma-side.js";
import { inDatabase, subjectName } from "./subject.js";

export interface SarifOptions {
  /** Folder of the report's paths as seen from the repository's root: `apps/api`, or empty. */
  readonly folder: string;
  /** A rule's page, Markdown. */
  readonly page: (rule: RuleId) => string;
}

const levels: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

/**
 * A report as SARIF 2.1.0, for a code host that shows findings on the lines of a diff. Findings of the live
 * database stand at their model in the schema. What could not be done is a notification, and the run says
 * that it was not successful.
 */
export function renderSarif(report: Report, options: SarifOptions): string {
  const findings = report.checks.flatMap(({ findings, suppressed = [] }) => [...findings, ...suppressed]);
  const results = [...findings].sort(compareFindings);
  const ids = [...new Set(results.map(({ rule }) => rule))];
  const fallback = schemaFile(report, results);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "tenantctl",
            semanticVersion: report.tool.version,
            rules: ids.map((rule) => ruleOf(rule, options)),
          },
        },
        automationDetails: { id: `tenantctl/${report.command.replaceAll(" ", "-")}/${report.environment}/` },
        invocations: [
          {
            executionSuccessful: report.verdict === "pass" || report.verdict === "fail",
            startTimeUtc: report.startedAt,
            endTimeUtc: report.finishedAt,
            toolExecutionNotifications: notifications(report),
          },
        ],
        columnKind: "utf16CodeUnits",
        results: results.map((finding) => resultOf(finding, ids, fallback, options)),
        properties: { verdict: report.verdict, environment: report.environment },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(id: RuleId, { page }: SarifOptions) {
  const { title, severity } = rules[id];
  return {
    id,
    shortDescription: { text: title },
    help: { text: `tenantctl explain ${id}`, markdown: page(id) },
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ["tenant-isolation", id.split("/")[0]] },
  };
}

function resultOf(
  finding: Finding | SuppressedFinding,
  ids: readonly RuleId[],
  fallback: string,
  options: SarifOptions,
) {
  const { rule, severity, subject, message, remedy, remedySteps = [], fingerprint, evidence } = finding;
  return {
    ruleId: rule,
    ruleIndex: ids.indexOf(rule),
    level: levels[severity],
    message: {
      text: [`${inDatabase(subject, message)}.`, remedy, ...remedySteps, ...prismaLines(finding)].join("\n"),
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: {
            uri: uriOf(subject.file ?? fallback, options.folder),
            uriBaseId: "%SRCROOT%",
          },
          region: { startLine: subject.line ?? 1 },
        },
        logicalLocations: [{ fullyQualifiedName: inDatabase(subject, subjectName(subject)) }],
      },
    ],
    // Two databases may have the same finding, and a code host shows each fingerprint once.
    partialFingerprints: { "tenantctl/v1": inDatabase(subject, fingerprint) },
    ...("suppression" in finding
      ? { suppressions: [{ kind: "external", justification: finding.suppression.reason }] }
      : {}),
    properties: { evidence },
  };
}

/** Where a finding stands that no line of the application is about: a table without a model. */
function schemaFile(report: Report, findings: readonly Finding[]): string {
  const named = report.checks.flatMap(({ facts }) => (facts.schemaFiles as string[] | undefined) ?? []);
  const known = findings.flatMap(({ subject }) => (subject.file?.endsWith(".prisma") ? [subject.file] : []));
  return named[0] ?? known[0] ?? "prisma/schema.prisma";
}

function uriOf(file: string, folder: string): string {
  const parts = [...folder.split(/[/\\]/), ...file.split(/[/\\]/)].filter((part) => part && part !== ".");
  const path: string[] = [];
  for (const part of parts) {
    if (part === ".." && path.length > 0) path.pop();
    else path.push(part);
  }
  return path.map(encodeURIComponent).join("/");
}

function notifications({ checks, error }: Report) {
  const all = checks.flatMap(({ title, reason, status, facts: { found } }) => {
    if (reason !== undefined)
      return [{ level: status === "skipped" ? "note" : "error", text: `${title}: ${reason}` }];
    // A thing that `doctor` looked for and found.
    return typeof found === "string" ? [{ level: "note", text: `${title}: ${found}` }] : [];
  });
  if (error) all.push({ level: "error", text: `${error.message}\n${error.hint}` });
  return all.map(({ level, text }) => ({ level, message: { text } }));
}
