import { readSettings, type Settings } from "../config/settings.js";
import type { Baseline } from "../findings/baseline.js";
import { type CheckOutcome, finishCheck } from "../findings/check.js";
import { exitCodes } from "../findings/exit-codes.js";
import { completeFindings } from "../findings/finding.js";
import { buildReport, type Report } from "../findings/report.js";
import { isRuleId, rules } from "../findings/rules.js";
import { withoutSamples } from "../findings/samples.js";
import { covers, isOver, type Suppression } from "../findings/suppress.js";
import type { Progress } from "../render/progress.js";
import { wrap } from "../render/words.js";
import type { Context, Invocation } from "./context.js";
import { gateOf, readBaseline, writeBaseline } from "./gate.js";
import {
  type AuditOptions,
  type CommonOptions,
  type DatabaseOptions,
  type SchemaOptions,
  settingsOptions,
} from "./options.js";
import { requireOutputFolder, type TextBody, writeReport } from "./output.js";
import { redactPasswords } from "./redact.js";

export type AllOptions = CommonOptions &
  Partial<SchemaOptions> &
  Partial<DatabaseOptions> &
  Partial<AuditOptions>;

/** What a command is given to do its work with. */
export interface Work {
  readonly context: Context;
  readonly settings: Settings;
  readonly progress: Progress;
  /** Says something on stderr that is no result; silent with --quiet. */
  readonly note: (text: string) => void;
}

export interface WorkResult {
  readonly outcomes: readonly CheckOutcome[];
  /** Suppressions that stand in the user's schema. */
  readonly suppressions?: readonly Suppression[];
  readonly body?: TextBody;
}

/** Runs a command that ends in a report: settings, progress, checks, report, exit code. */
export async function execute(
  context: Context,
  command: string,
  options: AllOptions,
  work: (tools: Work) => Promise<WorkResult>,
): Promise<Report> {
  const invocation = begin(context, command, options);
  const progress = await showProgress(context, options);
  try {
    requireOutputFolder(context, options.output);
    const baseline = readBaseline(context, options);
    const settings = await readSettings(settingsOptions(options), context.cwd, context.env);
    const note = (text: string) => {
      if (!options.quiet) context.stderr.write(`${asNote(redactPasswords(text), context.stderr)}\n`);
    };
    const { outcomes, suppressions = [], body } = await work({ context, settings, progress, note });
    progress.stop();
    const all = [...suppressions, ...settings.suppressions];
    for (const suppression of all.filter((each) => isOver(each, context.now()))) {
      note(
        `note: the suppression of ${suppression.rule} ended on ${suppression.until}: its findings count again`,
      );
    }
    for (const { rule, subjects } of idle(settings.suppressions, outcomes, context.now()))
      note(`note: config suppresses ${rule} of ${named(subjects)}, and nothing of that was found`);
    const judgement = {
      failOn: options.failOn,
      required: options.require ?? [],
      severities: settings.severities,
      suppressions: all,
      today: context.now(),
    };
    const judgedBy = (known: Baseline | undefined) =>
      outcomes.map((outcome) => finishCheck(outcome, { ...judgement, baseline: known }));
    const covered = completeFindings(
      outcomes.flatMap((outcome) => outcome.covered ?? []),
      settings.severities,
    );
    let known = baseline;
    if (options.writeBaseline !== undefined) {
      // What config accepts needs no baseline; what an older baseline knows goes on standing in it.
      const written = writeBaseline(context, options, judgedBy(undefined), covered);
      const number = written.baseline.findings.length - covered.length;
      note(`note: ${written.file} now knows ${number} findings`);
      known = written.baseline;
    }
    const checks = judgedBy(known);
    const report = buildReport(
      {
        version: context.version,
        command,
        environment: settings.environment,
        startedAt: invocation.startedAt,
        finishedAt: context.now(),
      },
      options.samples ? checks : withoutSamples(checks),
      gateOf(options, baseline, checks, covered),
    );
    await writeReport(context, invocation, report, body, settings.app);
    context.exitCode = exitCodes[report.verdict];
    return report;
  } finally {
    progress.stop();
  }
}

/** A terminal breaks words in their middle; a log keeps a note on its line. */
function asNote(text: string, { isTTY, columns }: NodeJS.WriteStream): string {
  return isTTY && columns ? wrap(text, columns) : text;
}

/** Suppressions of config that cover nothing, where their rule was looked for and seen whole. */
function idle(
  suppressions: readonly Suppression[],
  outcomes: readonly CheckOutcome[],
  today: Date,
): Suppression[] {
  const all = completeFindings(outcomes.flatMap(({ drafts, covered = [] }) => [...drafts, ...covered]));
  return suppressions.filter((suppression) => {
    if (isOver(suppression, today) || !isRuleId(suppression.rule)) return false;
    const { check } = rules[suppression.rule];
    const meant = outcomes.filter(({ id }) => id === check);
    const wasSeen = meant.length > 0 && meant.every(({ obstacle }) => obstacle === undefined);
    return wasSeen && !all.some((finding) => covers(suppression, finding));
  });
}

function named(subjects: Suppression["subjects"]): string {
  return subjects.map((subject) => Object.values(subject).join(" ") || "everything").join(", ");
}

/** Progress on stderr: a spinner where a person looks on, else a line now and then; nothing with --quiet. */
export async function showProgress({ stderr, env }: Context, { quiet }: CommonOptions): Promise<Progress> {
  const { startProgress } = await import("../render/progress.js");
  return startProgress({
    stream: stderr,
    // A terminal that says it has no columns would make the spinner wrap without end.
    isInteractive: stderr.isTTY === true && stderr.columns !== 0 && env.TERM !== "dumb" && !env.CI,
    isQuiet: quiet === true,
  });
}

/** Notes what runs, so that the edge can report a failure in the format that was asked for. */
export function begin(context: Context, command: string, options: CommonOptions): Invocation {
  const invocation: Invocation = {
    command,
    environment: options.env ?? "default",
    format: options.json ? "json" : options.format,
    output: options.output,
    wantsColor: options.color,
    isVerbose: options.verbose === true,
    isQuiet: options.quiet === true,
    startedAt: context.now(),
  };
  context.invocation = invocation;
  return invocation;
}
