import type { Finding } from "../findings/finding.js";
import { type CheckResult, type FailOn, failsRun, type Report } from "../findings/report.js";
import { type RuleId, ruleIds, rules } from "../findings/rules.js";
import { distributionOf, overviewOf } from "./distribution.js";
import { prismaLines } from "./prisma-side.js";
import { reasonListsOf } from "./reasons.js";
import { inDatabase, subjectName } from "./subject.js";

type Outcome = "pass" | "failure" | "error" | "skipped";

interface TestCase {
  readonly name: string;
  readonly outcome: Outcome;
  readonly message: string;
  readonly type: string;
  readonly details: string;
  readonly place: { readonly file?: string | undefined; readonly line?: number | undefined };
}

/**
 * A report for a CI system that reads JUnit XML: a suite a check, a case a finding, and a case for each rule
 * that found nothing. What fails the run is a failure; what could not be done, or stayed open, is an error;
 * what was accepted, or did not have to run, is skipped. Only the rest passes.
 */
export function renderJunit(report: Report): string {
  const failOn = report.gate?.failOn ?? "error";
  const suites = report.checks.map((check) => ({
    name: check.title,
    check: check.id,
    seconds: check.durationMs / 1000,
    cases: casesOf(check, failOn),
  }));
  if (report.error) suites.push(failedSuite(report, report.error));
  const all = suites.flatMap(({ cases }) => cases);
  const seconds = (Date.parse(report.finishedAt) - Date.parse(report.startedAt)) / 1000;
  const lines = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="${escaped(`tenantctl ${report.command}`)}" ${counts(all)} time="${seconds.toFixed(3)}">`,
    ...suites.flatMap((suite) => [
      `  <testsuite name="${escaped(suite.name)}" ${counts(suite.cases)} time="${suite.seconds.toFixed(3)}" timestamp="${report.startedAt.slice(0, 19)}">`,
      "    <properties>",
      `      <property name="environment" value="${escaped(report.environment)}"/>`,
      `      <property name="tenantctl" value="${escaped(report.tool.version)}"/>`,
      "    </properties>",
      ...suite.cases.flatMap((each) => testCase(each, suite.check)),
      "  </testsuite>",
    ]),
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

function casesOf(check: CheckResult, failOn: FailOn): TestCase[] {
  const { findings, suppressed = [], status, reason, obstacle = status, facts } = check;
  const cases = [
    ...findings.map((finding) => findingCase(finding, failsRun(finding, failOn) ? "failure" : "pass")),
    ...suppressed.map((finding) => ({
      ...findingCase(finding, "skipped"),
      message: `accepted: ${finding.suppression.reason}`,
    })),
  ];
  cases.push(...distributionCases(check));
  if (reason !== undefined) {
    const outcome = obstacle === "skipped" ? "skipped" : "error";
    const name = typeof facts.found === "string" ? check.title : `${check.title}: seen whole`;
    return [
      ...cases,
      { name, outcome, message: reason, type: obstacle, details: detailsOf(check), place: {} },
    ];
  }
  const named = new Set([...findings, ...suppressed].map(({ rule }) => rule));
  const quiet = ruleIds.filter((rule) => rules[rule].check === check.id && !named.has(rule));
  if (typeof facts.found === "string") return [...cases, passedThing(check.title, facts.found)];
  return [...cases, ...quiet.map(passedRule)];
}

/** The reason, and what it speaks of. */
function detailsOf(check: CheckResult): string {
  const lines = reasonListsOf(check).flatMap(({ title, groups }) => [
    `${title}:`,
    ...groups.flatMap(({ reason, routes }) => [`  ${reason}`, ...routes.map((route) => `    ${route}`)]),
  ]);
  return [check.reason, ...lines].join("\n");
}

function findingCase(finding: Finding, outcome: Outcome): TestCase {
  const { rule, subject, severity, message, remedy, remedySteps = [], evidence } = finding;
  const details = [
    `${severity}: ${message}`,
    `remedy: ${remedy}`,
    ...remedySteps,
    ...prismaLines(finding),
    ...(Object.keys(evidence).length ? [`evidence: ${JSON.stringify(evidence)}`] : []),
  ];
  return {
    name: `${rule}: ${inDatabase(subject, subjectName(subject))}`,
    outcome,
    message,
    type: rule,
    details: details.join("\n"),
    place: { file: subject.file, line: subject.line },
  };
}

/** A table whose rows were counted, with its figures. */
function distributionCases(check: CheckResult): TestCase[] {
  const { head, rows } = overviewOf(distributionOf(check) ?? []);
  return rows.map(([name, ...figures]) => {
    const details = figures.map((figure, at) => `${head[at + 1]}: ${figure}`).join("\n");
    return { name: name!, outcome: "pass", message: "", type: "pass", details, place: {} };
  });
}

function passedRule(rule: RuleId): TestCase {
  return { name: rule, outcome: "pass", message: "", type: rule, details: "", place: {} };
}

/** A check of one thing, `doctor`'s, that is there. */
function passedThing(name: string, found: string): TestCase {
  return { name, outcome: "pass", message: "", type: "pass", details: found, place: {} };
}

function failedSuite({ command, verdict }: Report, { message, hint }: NonNullable<Report["error"]>) {
  const each: TestCase = {
    ...{ name: `tenantctl ${command}`, outcome: "error", message, type: verdict },
    ...{ details: `${message}\n${hint}`, place: {} },
  };
  return { name: `tenantctl ${command}`, check: "tenantctl", seconds: 0, cases: [each] };
}

function testCase({ name, outcome, message, type, details, place }: TestCase, check: string): string[] {
  const file = place.file === undefined ? "" : ` file="${escaped(place.file)}"`;
  const line = place.line === undefined ? "" : ` line="${place.line}"`;
  const head = `    <testcase classname="${escaped(`tenantctl.${check}`)}" name="${escaped(name)}"${file}${line} time="0"`;
  if (outcome === "pass" && details === "") return [`${head}/>`];
  const inner =
    outcome === "pass"
      ? `<system-out>${escaped(details)}</system-out>`
      : outcome === "skipped"
        ? `<skipped message="${escaped(message)}"/>`
        : `<${outcome} message="${escaped(message)}" type="${escaped(type)}">${escaped(details)}</${outcome}>`;
  return [`${head}>`, `      ${inner}`, "    </testcase>"];
}

function counts(cases: readonly TestCase[]): string {
  const number = (outcome: Outcome) => cases.filter((each) => each.outcome === outcome).length;
  return `tests="${cases.length}" failures="${number("failure")}" errors="${number("error")}" skipped="${number("skipped")}"`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** XML 1.0 text; characters that it can't hold at all are spelt out. */
function escaped(text: string): string {
  return text
    .replace(/[\0-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/gu, (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
    })
    .replace(/[&<>"\n\t]/g, (character) => entities[character]!);
}
