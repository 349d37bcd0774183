import { expect, test } from "vitest";
import { workflowsTable } from "../../../src/render/html/workflows.js";
import { themeFor } from "../../../src/render/theme.js";
import { renderWorkflows, type ShownStep, type ShownWorkflow } from "../../../src/render/workflows.js";

const outcomes = ["passed", "failed", "leaked", "inconclusive", "unanswered", "skipped"] as const;
const steps: ShownStep[] = outcomes.map((outcome) => ({ step: `<${outcome}>`, outcome }));
const passed: ShownStep[] = [{ step: "create", outcome: "passed" }];
const workflows: ShownWorkflow[] = [
  {
    workflow: "assets",
    copies: [
      { tenant: "a", steps },
      { tenant: "b", steps },
      { tenant: "c", steps: passed },
    ],
  },
  { workflow: "billing", copies: [{ tenant: "a", steps: passed }] },
];

const text = (TERM: string) =>
  renderWorkflows(workflows, themeFor({ isTerminal: false, columns: 100, env: { TERM }, wantsColor: false }));

test("workflows by tenants, a sign a step, and in words what did not pass, tenants of one story together", () => {
  expect(text("xterm").split("\n")).toEqual([
    "Workflow  tenant a  tenant b  tenant c",
    "assets    ✓✗✗??–    ✓✗✗??–    ✓",
    "billing   ✓",
    "✓ passed  ✗ failed, or seen by another tenant  ? not known  – not run",
    "    assets, tenant a, b: <failed> failed, <leaked> leaked, <inconclusive> inconclusive, <unanswered>",
    "    unanswered, <skipped> skipped",
  ]);
  expect(text("dumb")).toContain("+xx??-");
});

test("in HTML each step says its name and outcome, escaped", () => {
  const page = workflowsTable(workflows).text;
  for (const outcome of outcomes) expect(page).toContain(`aria-label="&lt;${outcome}&gt;: ${outcome}"`);
  expect(page).not.toMatch(/<(failed|leaked)>/);
});
