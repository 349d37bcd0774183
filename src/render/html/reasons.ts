import type { ReasonList } from "../reasons.js";
import { type Html, html } from "./escape.js";

/** Each reason once, then its routes, one a line. */
export function reasonsBlock({ title, groups }: ReasonList): Html {
  return html`<h2>${title}</h2>
<ul class="reasons">${groups.map(
    ({ reason, routes }) =>
      html`<li>${reason}<ul>${routes.map((route) => html`<li><code>${route}</code></li>`)}</ul></li>
`,
  )}</ul>`;
}
