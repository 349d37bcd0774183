import type { IndexPlanFacts, ProposedIndex } from "../../findings/index-plan.js";
import { leftOutOf, remarksOf } from "../index-plan.js";
import { type Html, html } from "./escape.js";

/** Each proposal with its statement, its reasons and the line for the Prisma schema. */
export function indexPlanBlock(title: string, facts: IndexPlanFacts): Html {
  const { proposals } = facts;
  return html`<h2>${title}</h2>
${proposals.length ? proposals.map(proposalBlock) : html`<p>No index is missing, as far as was looked.</p>`}
${leftOutOf(facts).map((line) => html`<p class="muted">${line}</p>`)}`;
}

function proposalBlock(proposal: ProposedIndex): Html {
  const { schema, table, model, statement, line } = proposal;
  return html`<h3><code>${schema}.${table}</code>${model ? ` (${model})` : ""}</h3>
<pre>${statement};</pre>
${line ? html`<pre>${line}</pre>` : ""}
<ul>${remarksOf(proposal).map((remark) => html`<li>${remark}</li>`)}</ul>`;
}
