import type { ProposedIndex } from "../../findings/index-plan.js";
import type { KnownIndex } from "../usage/types.js";
import { madeRedundant } from "./covering.js";
import { type ColumnWidth, estimateIndex } from "./estimate.js";
import type { Proposal } from "./propose.js";
import type { Proof } from "./types.js";

const longestQuery = 300;

/** What a report says of a proposal. */
export function proposedFacts(
  { candidate, definition, statement, line }: Proposal,
  proof: readonly Proof[] | string | undefined,
  indexes: readonly KnownIndex[],
  widths: readonly (ColumnWidth | undefined)[],
  tableBytes: number | undefined,
): ProposedIndex {
  const { table, registered } = candidate.owner;
  const { bytes, seconds, basis } = estimateIndex(table, widths, tableBytes);
  const costs = typeof proof === "object" ? proof : [];
  return {
    schema: definition.schema,
    table: definition.table,
    index: definition.name,
    model: registered?.model.name ?? null,
    statement,
    line: line ?? null,
    reasons: reasonsOf(candidate),
    rows: table.isAnalysed ? table.estimatedRows : null,
    estimatedBytes: bytes,
    estimatedSeconds: seconds,
    basis,
    costs: costs.map((each) => ({ ...each, query: shownQuery(each.query) })),
    doubt: doubtOf(proof),
    replaces: madeRedundant(candidate, indexes).map(({ catalog }) => catalog.name),
  };
}

/** Each once; statements are counted together, since a list of them all is `db slow-queries`'. */
function reasonsOf({ reasons }: Proposal["candidate"]): string[] {
  const queries = reasons.flatMap((reason) => (reason.kind === "query" ? [reason.query] : []));
  const others = reasons.filter(({ kind }) => kind !== "query").map(({ text }) => text);
  if (queries.length === 0) return [...new Set(others)];
  const distinct = [...new Set(queries)];
  const seconds = distinct.reduce((sum, { totalMs }) => sum + totalMs, 0) / 1000;
  const calls = distinct.reduce((sum, each) => sum + each.calls, 0);
  const number = distinct.length === 1 ? "a statement" : `${distinct.length} statements`;
  return [
    ...new Set(others),
    `${number} that took ${seconds.toFixed(1)} s in ${calls} ${calls === 1 ? "call" : "calls"} so far`,
  ];
}

function doubtOf(proof: readonly Proof[] | string | undefined): string | null {
  // That HypoPG is not there is said once, for all.
  if (proof === undefined) return null;
  if (typeof proof === "string") return `the planner could not be asked: ${proof}`;
  return proof.some(({ isUsed }) => isUsed)
    ? null
    : "at the table's present size the planner would not read it";
}

/** On one line and without comments, which may hold what a caller put there. */
function shownQuery(text: string): string {
  const bare = text
    .replace(/\/\*[\s\S]*?\*\//g, " ")
    .replace(/--.*$/gm, " ")
    .replace(/\s+/g, " ")
    .trim();
  return bare.length > longestQuery ? `${bare.slice(0, longestQuery)}…` : bare;
}
