import { rowsOf, type ShownWorkflow, type StepRow } from "../workflows.js";
import { type Html, html } from "./escape.js";

const tags = {
  passed: "pass",
  failed: "fail",
  leaked: "fail",
  inconclusive: "inconclusive",
  unanswered: "error",
  skipped: "skipped",
} as const;

/** Each step of each workflow: for which tenants it came to what, why, and how long it took. */
export function workflowsTable(workflows: readonly ShownWorkflow[]): Html {
  return html`<h2>Steps of the workflows</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Steps of the workflows"><table>
<thead><tr><th scope="col">Workflow</th><th scope="col">Step</th><th scope="col">Tenants</th><th scope="col">Outcome</th><th scope="col" class="number">ms</th></tr></thead>
<tbody>${workflows.flatMap((each) => rowsOf(each).map(stepRow))}</tbody></table></div>`;
}

function stepRow({ workflow, step, tenants, outcome, reason, durationMs }: StepRow): Html {
  const words = outcome === "leaked" ? "seen by another" : outcome;
  return html`<tr><td class="name">${workflow}</td><td>${step}</td><td>${tenants.join(", ")}</td>
<td><span class="tag ${tags[outcome]}">${words}</span>${reason === undefined ? "" : html`<p class="muted">${reason}</p>`}</td>
<td class="number">${durationMs === undefined ? "" : String(Math.round(durationMs))}</td></tr>
`;
}
