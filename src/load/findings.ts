import type { FindingDraft } from "../findings/finding.js";
import { comparisonWords, type LoadReading } from "../findings/load.js";

/** The findings of a reading: what is proved to have got worse by more than its margin. */
export function findingsOf(reading: LoadReading): FindingDraft[] {
  const { latency, errors, baseline, candidate, plan, marginMs, errorMargin } = reading;
  const subject = { route: plan.routes.join(", ") };
  const drafts: FindingDraft[] = [];
  if (latency?.verdict === "fail") {
    drafts.push({
      rule: "load/latency-regression",
      subject,
      message: comparisonWords(reading)!,
      remedy:
        "profile a slow request of the candidate: queries without an index that leads with the tenant column (tenantctl db readiness), a query more per request, work that holds up the event loop",
      evidence: {
        marginMs,
        baselineP99: baseline.p99,
        candidateP99: candidate.p99,
        difference: latency.difference,
        lowerBound: latency.lower,
        upperBound: latency.upper,
      },
    });
  }
  if (errors?.verdict === "fail") {
    drafts.push({
      rule: "load/error-rate",
      subject,
      message: `the candidate fails ${candidate.errors} of ${candidate.requests} requests, the baseline ${baseline.errors} of ${baseline.requests}: ${errors.difference.toFixed(2)} percentage points more (95 % at least ${errors.lower.toFixed(2)}), over ${errorMargin}`,
      remedy: "look into the application's log for what the candidate answers under load",
      evidence: {
        errorMargin,
        baselineErrors: baseline.errorsBy,
        candidateErrors: candidate.errorsBy,
        difference: errors.difference,
        lowerBound: errors.lower,
      },
    });
  }
  return drafts;
}
