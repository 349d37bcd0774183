import { completeFindings, type FindingDraft, type SeverityOverrides } from "./finding.js";
import { type CheckResult, checkStatus, type FailOn } from "./report.js";
import { applySuppressions, type Suppression } from "./suppress.js";

/** What a check found and could not do, before settings are applied. */
export interface CheckOutcome {
  readonly id: string;
  readonly title: string;
  readonly drafts: readonly FindingDraft[];
  /** Why it is not the whole answer; findings stand all the same. */
  readonly obstacle?: Obstacle | undefined;
  /** Time of its own SQL or requests, in milliseconds. */
  readonly durationMs: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Obstacle {
  readonly status: "error" | "inconclusive" | "skipped";
  readonly reason: string;
}

/** What config and options say of findings. */
export interface Judgement {
  readonly failOn: FailOn;
  readonly severities: SeverityOverrides;
  readonly suppressions: readonly Suppression[];
  readonly today: Date;
}

/** A check's result: severities set, accepted findings set aside, status decided. */
export function finishCheck(outcome: CheckOutcome, judgement: Judgement): CheckResult {
  const complete = completeFindings(outcome.drafts, judgement.severities);
  const { findings, suppressed } = applySuppressions(complete, judgement.suppressions, judgement.today);
  const status = checkStatus(findings, judgement.failOn, outcome.obstacle);
  return {
    id: outcome.id,
    title: outcome.title,
    status,
    ...(outcome.obstacle ? { reason: outcome.obstacle.reason } : {}),
    durationMs: Math.round(outcome.durationMs * 10) / 10,
    facts: outcome.facts,
    findings,
    ...(suppressed.length ? { suppressed } : {}),
  };
}
