import { type ShownStep, type ShownWorkflow, tenantsOf } from "../workflows.js";
import { type Html, html } from "./escape.js";

const signs = {
  passed: "✓",
  failed: "✗",
  leaked: "✗",
  inconclusive: "?",
  unanswered: "?",
  skipped: "–",
} as const;
const tags = {
  passed: "pass",
  failed: "fail",
  leaked: "fail",
  inconclusive: "inconclusive",
  unanswered: "error",
  skipped: "skipped",
} as const;

/** Workflows by tenants; each step says its name and outcome in words too, and why. */
export function workflowsTable(workflows: readonly ShownWorkflow[]): Html {
  const tenants = tenantsOf(workflows);
  return html`<h2>Workflows by tenants</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Workflows by tenants"><table>
<thead><tr><th scope="col">Workflow</th>${tenants.map((tenant) => html`<th scope="col">tenant ${tenant}</th>`)}</tr></thead>
<tbody>${workflows.map(
    ({ workflow, copies }) =>
      html`<tr><td class="name">${workflow}</td>${tenants.map(
        (tenant) =>
          html`<td>${(copies.find((copy) => copy.tenant === tenant)?.steps ?? []).map(stepTag)}</td>`,
      )}</tr>
`,
  )}</tbody></table></div>
<p class="muted">✓ passed, ✗ failed or seen by another tenant, ? not known, – not run</p>`;
}

function stepTag({ step, outcome, reason }: ShownStep): Html {
  const words = `${step}: ${outcome}${reason === undefined ? "" : `, ${reason}`}`;
  return html`<span class="tag ${tags[outcome]}" role="img" title="${words}" aria-label="${words}">${signs[outcome]}</span> `;
}
