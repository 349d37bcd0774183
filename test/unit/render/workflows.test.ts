import { expect, test } from "vitest";
import { workflowsTable } from "../../../src/render/html/workflows.js";
import { themeFor } from "../../../src/render/theme.js";
import { renderWorkflows, type ShownStep, type ShownWorkflow } from "../../../src/render/workflows.js";

const outcomes = ["passed", "failed", "leaked", "inconclusive", "unanswered", "skipped"] as const;
const steps: ShownStep[] = outcomes.map((outcome) => ({ step: `<${outcome}>`, outcome }));
const workflows: ShownWorkflow[] = [
  {
    workflow: "assets",
    copies: [
      { tenant: "a", steps: [{ step: "create", outcome: "passed", durationMs: 12 }, ...steps] },
      { tenant: "b", steps: [{ step: "create", outcome: "failed", durationMs: 7 }] },
      { tenant: "c", steps: [{ step: "create", outcome: "passed", durationMs: 40.4 }] },
    ],
  },
  { workflow: "billing", copies: [{ tenant: "a", steps: [{ step: "pay", outcome: "passed" }] }] },
];

const text = (TERM: string) =>
  renderWorkflows(workflows, themeFor({ isTerminal: false, columns: 100, env: { TERM }, wantsColor: false }));

test("a row for each step and outcome: tenants of one outcome together, the time of the slowest", () => {
  expect(text("xterm").split("\n")).toEqual([
    "Workflow  Step            Tenants  Outcome            ms",
    "assets    create          a, c     ✓ passed           40",
    "          create          b        ✗ failed           7",
    "          <passed>        a        ✓ passed",
    "          <failed>        a        ✗ failed",
    "          <leaked>        a        ✗ seen by another",
    "          <inconclusive>  a        ? inconclusive",
    "          <unanswered>    a        ? unanswered",
    "          <skipped>       a        – skipped",
    "billing   pay             a        ✓ passed",
  ]);
  expect(text("dumb")).toContain("x seen by another");
});

test("in HTML each step says its name and outcome, escaped", () => {
  const page = workflowsTable(workflows).text;
  for (const outcome of outcomes) expect(page).toContain(`<td>&lt;${outcome}&gt;</td>`);
  expect(page).toContain('<td class="number">40</td>');
  expect(page).not.toMatch(/<(failed|leaked)>/);
});
