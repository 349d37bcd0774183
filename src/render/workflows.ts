import type { CheckResult } from "../findings/report.js";
import { textTable } from "./text-table.js";
import type { Theme } from "./theme.js";
import { visible, wrap } from "./words.js";

/** What one step of a workflow came to, for one tenant. */
export interface ShownStep {
  readonly step: string;
  readonly outcome: "passed" | "failed" | "leaked" | "inconclusive" | "unanswered" | "skipped";
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

/** Names of the tenants, in the order of the first workflow. */
export function tenantsOf(workflows: readonly ShownWorkflow[]): string[] {
  return [...new Set(workflows.flatMap(({ copies }) => copies.map(({ tenant }) => tenant)))];
}

/** Workflows by tenants, a sign a step; below, the steps that did not pass in words. */
export function renderWorkflows(workflows: readonly ShownWorkflow[], theme: Theme): string {
  const tenants = tenantsOf(workflows);
  const rows = workflows.map(({ workflow, copies }) => [
    visible(workflow),
    ...tenants.map((tenant) => {
      const steps = copies.find((copy) => copy.tenant === tenant)?.steps ?? [];
      return steps.map((step) => painted(step, theme)).join("");
    }),
  ]);
  const head = ["Workflow", ...tenants.map((tenant) => visible(`tenant ${tenant}`))];
  const { marks } = theme;
  const legend = `${marks.pass} passed  ${marks.fail} failed, or seen by another tenant  ${marks.unknown} not known  ${marks.skipped} not run`;
  const stories = workflows.flatMap((each) => storyOf(each, theme));
  return [textTable(head, rows, theme), theme.paint.dim(wrap(legend, theme.width)), ...stories].join("\n");
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
  if (sign === marks.pass) return paint.green(sign);
  if (sign === marks.fail) return paint.red(sign);
  return sign === marks.unknown ? paint.yellow(sign) : paint.dim(sign);
}

/** Tenants that came to the same stand in one line. */
function storyOf({ workflow, copies }: ShownWorkflow, { width }: Theme): string[] {
  const tenants = new Map<string, string[]>();
  for (const { tenant, steps } of copies) {
    const others = steps.filter(({ outcome }) => outcome !== "passed");
    if (others.every(({ outcome }) => outcome === "skipped")) continue;
    const words = others.map(({ step, outcome }) => `${step} ${outcome}`).join(", ");
    tenants.set(words, [...(tenants.get(words) ?? []), tenant]);
  }
  return [...tenants].map(([words, names]) =>
    wrap(visible(`${workflow}, tenant ${names.join(", ")}: ${words}`), width, "    "),
  );
}
