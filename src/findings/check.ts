import { applyBaseline, type Baseline } from "./baseline.js";
import { completeFindings, type FindingDraft, type SeverityOverrides } from "./finding.js";
import { type CheckResult, checkStatus, type FailOn } from "./report.js";
import { type RuleId, ruleIds, rules } from "./rules.js";
import { applySuppressions, type Suppression } from "./suppress.js";

/** What a check found and could not do, before settings are applied. */
export interface CheckOutcome {
  readonly id: string;
  readonly title: string;
  readonly drafts: readonly FindingDraft[];
  /** Findings that another check's stand for in this report: they count once. */
  readonly covered?: readonly FindingDraft[];
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
  /** Checks without which a run is no pass. */
  readonly required: readonly string[];
  /** Findings that are known, if a baseline was named. */
  readonly baseline?: Baseline | undefined;
  readonly severities: SeverityOverrides;
  readonly suppressions: readonly Suppression[];
  readonly today: Date;
}

/** A check's result: severities set, accepted findings set aside, status decided. */
export function finishCheck(outcome: CheckOutcome, judgement: Judgement): CheckResult {
  const complete = completeFindings(outcome.drafts, judgement.severities);
  const accepted = applySuppressions(complete, judgement.suppressions, judgement.today);
  const known = judgement.baseline && applyBaseline(accepted.findings, judgement.baseline);
  const findings = known?.findings ?? accepted.findings;
  const suppressed = [...accepted.suppressed, ...(known?.suppressed ?? [])];
  const obstacle = asRequired(outcome, judgement.required);
  const status = checkStatus(findings, judgement.failOn, obstacle);
  return {
    id: outcome.id,
    title: outcome.title,
    status,
    ...(obstacle ? { reason: obstacle.reason } : {}),
    ...(obstacle && obstacle.status !== status ? { obstacle: obstacle.status } : {}),
    durationMs: Math.round(outcome.durationMs * 10) / 10,
    facts: { ...outcome.facts, ...rulesOff(outcome.id, judgement.severities) },
    findings,
    ...(suppressed.length ? { suppressed } : {}),
  };
}

/** Rules of the check that config switched off: what they would find is not looked at. */
function rulesOff(id: string, severities: SeverityOverrides): { rulesOff?: RuleId[] } {
  const off = ruleIds.filter((rule) => rules[rule].check === id && severities[rule] === "off");
  return off.length ? { rulesOff: off } : {};
}

/** A check that has to have run can't be skipped: then nothing is known. */
function asRequired({ id, obstacle }: CheckOutcome, required: readonly string[]): Obstacle | undefined {
  if (obstacle?.status !== "skipped" || !required.includes(id)) return obstacle;
  return { status: "inconclusive", reason: `required, and not run: ${obstacle.reason}` };
}
