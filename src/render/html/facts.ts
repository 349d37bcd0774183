import type { CheckResult } from "../../findings/report.js";
import { duration, valueText } from "../words.js";
import { type Html, html } from "./escape.js";
import { recordTable } from "./record-table.js";

/** Facts that stand above already, as tables and charts, by the id of their check. */
const shownAsChart: Readonly<Record<string, readonly string[]>> = {
  distribution: ["tables"],
  load: ["load"],
  "slow-queries": ["statements"],
  connections: ["tenants", "sessions", "limits", "attributedBy"],
  integrity: ["integrity"],
  "index-usage": ["indexUsage"],
  "index-plan": ["proposals"],
};

/** What a check read and how it knows: the part that makes the report evidence. */
export function factsBlock({ id, title, facts }: CheckResult): Html {
  const entries = Object.entries(facts).filter(([name]) => !shownAsChart[id]?.includes(name));
  if (entries.length === 0) return html``;
  return html`<details><summary>${title}</summary>
<dl>${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${factValue(value)}</dd>`)}</dl></details>`;
}

function factValue(value: unknown): Html {
  if (Array.isArray(value)) {
    if (value.length === 0) return html`none`;
    return value.every((item) => typeof item === "object" && item !== null)
      ? recordTable(value.map(withDuration))
      : html`${value.map(valueText).join(", ")}`;
  }
  return html`${valueText(value)}`;
}

function withDuration(record: Record<string, unknown>): Record<string, unknown> {
  const { durationMs, ...rest } = record;
  return typeof durationMs === "number" ? { ...rest, time: duration(durationMs) } : record;
}
