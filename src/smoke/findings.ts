import type { FindingDraft } from "../findings/finding.js";
import type { RuleId } from "../findings/rules.js";
import type { Evidence } from "../isolation/index.js";
import { contentTypeOf } from "./judge.js";
import { pairsOf } from "./leak-words.js";
import { routeOf } from "./others.js";
import type { Copy, Failure, Leak } from "./results.js";
import type { Step, Workflow } from "./workflow.js";

const remedies = {
  "smoke/step-failed":
    "Send the line above as that tenant. If the application is right, correct the step in smoke.workflows; else look for what changed since it last passed.",
  "smoke/visible-to-other-tenant":
    "Look the object up by its id and the tenant of the token in one condition. If every tenant may see it, say so: hidden: false in the step, or its path in isolation.shared.",
} as const satisfies Partial<Record<RuleId, string>>;

const mostSeen = 10;

/** One finding for each route by which another tenant got at what a workflow made, and for each step that failed. */
export function findingsOf(workflow: Workflow, copies: readonly Copy[], evidence: Evidence): FindingDraft[] {
  const steps = [...workflow.steps, ...workflow.cleanup];
  return [
    ...leaks(workflow, copies, evidence),
    ...steps.flatMap((step) => failures(workflow, step, copies, evidence)),
  ];
}

function failures(
  workflow: Workflow,
  step: Step,
  copies: readonly Copy[],
  evidence: Evidence,
): FindingDraft[] {
  const failed = copies.flatMap(({ owner, results }) =>
    results.flatMap((result) =>
      result.step === step && result.outcome === "failed" && result.failure
        ? [{ tenant: owner.name, failure: result.failure }]
        : [],
    ),
  );
  const [first] = failed;
  if (!first) return [];
  return [
    {
      rule: "smoke/step-failed",
      subject: { workflow: workflow.name, step: step.name, route: routeOf(step.request) },
      message: `${workflow.name}, ${step.name}: ${routeOf(step.request)} ${problemsOf(failed).join("; ")}`,
      remedy: remedies["smoke/step-failed"],
      evidence: {
        failedFor: failed.map(({ tenant }) => tenant),
        ...failureEvidence(first.failure, evidence),
      },
    },
  ];
}

/** Each problem once, with the tenants that had it: what fails for one may be another thing than what fails for all. */
function problemsOf(failed: readonly { tenant: string; failure: Failure }[]): string[] {
  const tenants = new Map<string, string[]>();
  for (const { tenant, failure } of failed)
    tenants.set(failure.problem, [...(tenants.get(failure.problem) ?? []), tenant]);
  return [...tenants].map(([problem, names]) => `${sentence(problem)} (tenant ${names.join(", ")})`);
}

/** `answers 409, not 2xx` follows the route as it is, a statement about a place after a colon. */
function sentence(problem: string): string {
  return problem.startsWith("answers") ? problem : `does not answer what it should: ${problem}`;
}

function failureEvidence({ unmet, exchange }: Failure, evidence: Evidence): Record<string, unknown> {
  return {
    unmet: unmet.map(({ place, expected, actual }) => ({
      place,
      expected: evidence.hide(expected),
      actual: evidence.hide(actual),
    })),
    answer: { status: exchange.response.status, contentType: contentTypeOf(exchange) },
    exchange: evidence.exchange(exchange),
    curl: evidence.curl(exchange),
  };
}

/** One finding a route and kind, at the first step after which it leaked: it leaks after the others by the same fault. */
function leaks(workflow: Workflow, copies: readonly Copy[], evidence: Evidence): FindingDraft[] {
  const groups = new Map<string, Leaked[]>();
  for (const { results } of copies) {
    for (const { step, leaks: found } of results) {
      for (const leak of found) {
        const key = `${leak.kind} ${leak.route}`;
        groups.set(key, [...(groups.get(key) ?? []), { step, leak }]);
      }
    }
  }
  return [...groups.values()].map((group) => {
    const { step, leak } = group[0]!;
    const found = group.map((each) => each.leak);
    const after = [...new Set(group.map((each) => each.step.name))];
    return {
      rule: "smoke/visible-to-other-tenant",
      subject: { workflow: workflow.name, step: step.name, route: leak.route },
      message: `${workflow.name}, after ${step.name}: ${pairsOf(found, copies.length)}: ${leak.route}`,
      remedy: remedies["smoke/visible-to-other-tenant"],
      evidence: { after, ...leakEvidence(leak, evidence) },
    };
  });
}

interface Leaked {
  readonly step: Step;
  readonly leak: Leak;
}

function leakEvidence({ attack, control, seen }: Leak, evidence: Evidence): Record<string, unknown> {
  return {
    seen: seen
      .slice(0, mostSeen)
      .map(({ kind, path, value }) => ({ kind, path, value: evidence.hide(value) })),
    attack: evidence.exchange(attack),
    ...(control ? { control: evidence.exchange(control) } : {}),
    curl: evidence.curl(attack),
  };
}
