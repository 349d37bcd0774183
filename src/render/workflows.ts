import type { CheckResult } from "../findings/report.js";
import { textTable } from "./text-table.js";
import type { Theme } from "./theme.js";
import { visible } from "./words.js";

/** What one step of a workflow came to, for one tenant. */
export interface ShownStep {
  readonly step: string;
  readonly outcome: "passed" | "failed" | "leaked" | "inconclusive" | "unanswered" | "skipped";
  /** Of its own request, in milliseconds. */
  readonly durationMs?: number;
  readonly reason?: string;
}

/** A workflow, with its steps for each tenant, as the facts of a check have it. */
export interface ShownWorkflow {
  readonly workflow: string;
  readonly copies: readonly { readonly tenant: string; readonly steps: readonly ShownStep[] }[];
}

/** The workflows among some checks. */
export function workflowsOf(checks: readonly CheckResult[]): ShownWorkflow[] {
  return checks.flatMap(({ facts }) => {
    const { workflow, copies } = facts as Partial<ShownWorkflow>;
    return workflow !== undefined && copies?.length ? [{ workflow, copies }] : [];
  });
}

/** A step, and the tenants that it came to the same for. */
export interface StepRow extends ShownStep {
  readonly workflow: string;
  readonly tenants: readonly string[];
}

/**
 * A row for each step and outcome, in the order of the steps; its time is that of the slowest tenant. Each leak has its
 * own tenants, and its finding names them.
 */
export function rowsOf({ workflow, copies }: ShownWorkflow): StepRow[] {
  const names = [...new Set(copies.flatMap(({ steps }) => steps.map(({ step }) => step)))];
  return names.flatMap((name) => {
    const rows = new Map<string, StepRow>();
    for (const { tenant, steps } of copies) {
      for (const step of steps.filter((each) => each.step === name)) {
        const { reason, ...plain } = step;
        const shown: ShownStep = step.outcome === "leaked" || reason === undefined ? plain : step;
        const key = `${step.outcome} ${shown.reason ?? ""}`;
        const known = rows.get(key);
        const durationMs = slowest(known?.durationMs, step.durationMs);
        rows.set(key, {
          ...(known ?? { ...shown, workflow }),
          tenants: [...(known?.tenants ?? []), tenant],
          ...(durationMs === undefined ? {} : { durationMs }),
        });
      }
    }
    return [...rows.values()];
  });
}

function slowest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length ? Math.max(...known) : undefined;
}

/** Each step of each workflow: for which tenants it came to what, and how long it took. */
export function renderWorkflows(workflows: readonly ShownWorkflow[], theme: Theme): string {
  const rows = workflows.flatMap((each) =>
    rowsOf(each).map((row, index) => [
      index === 0 ? visible(row.workflow) : "",
      visible(row.step),
      visible(row.tenants.join(", ")),
      painted(row, theme),
      row.durationMs === undefined ? "" : String(Math.round(row.durationMs)),
    ]),
  );
  return textTable(["Workflow", "Step", "Tenants", "Outcome", "ms"], rows, theme);
}

/** The same for every format: nothing rests on a sign alone. */
export function signOf({ outcome }: ShownStep, marks: Theme["marks"]): string {
  if (outcome === "passed") return marks.pass;
  if (outcome === "failed" || outcome === "leaked") return marks.fail;
  return outcome === "skipped" ? marks.skipped : marks.unknown;
}

function painted(step: ShownStep, theme: Theme): string {
  const { paint, marks } = theme;
  const sign = signOf(step, marks);
  const words = `${sign} ${step.outcome === "leaked" ? "seen by another" : step.outcome}`;
  if (sign === marks.pass) return paint.green(words);
  if (sign === marks.fail) return paint.red(words);
  return sign === marks.unknown ? paint.yellow(words) : paint.dim(words);
}
