import { quoteIdentifier } from "../../../adapters/sql-file.js";
import { tableSubject } from "../../../database/index.js";
import type { FindingDraft } from "../../../findings/finding.js";
import { bloatOf } from "../bloat.js";
import { shownTable, type UsageContext } from "../context.js";
import type { KnownIndex } from "../types.js";

/** What is worth a word: half of an index, and ten megabytes. */
const leastShare = 0.5;
const leastBytes = 10 * 1024 * 1024;

/** B-trees of which half and more is empty; each part of a partitioned one by itself. */
export function bloat({ indexes, family }: UsageContext): FindingDraft[] {
  return indexes.flatMap(family).flatMap((index) => {
    const wasted = bloatOf(index);
    if (wasted === null || wasted < leastBytes || wasted / index.bytes < leastShare) return [];
    return [finding(index, wasted)];
  });
}

function finding(index: KnownIndex, wasted: number): FindingDraft {
  const { catalog, bytes, rows } = index;
  const share = Math.round((wasted / bytes) * 100);
  return {
    rule: "index/bloat",
    subject: { ...tableSubject(index.owner), table: index.table.name, index: catalog.name },
    message: `index ${catalog.name} on ${shownTable(index)} takes ${megabytes(bytes)}, of which its rows need ${megabytes(bytes - wasted)}: ${share} % is empty, by the planner's statistics`,
    remedy:
      "ANALYZE the table and look again: the estimate is as good as its statistics. Then rebuild the index, which blocks nobody and takes its size on disk once more while it runs.",
    remedySteps: [
      `ANALYZE ${quoteIdentifier(index.table.schema)}.${quoteIdentifier(index.table.name)};`,
      `REINDEX INDEX CONCURRENTLY ${quoteIdentifier(catalog.schema)}.${quoteIdentifier(catalog.name)};`,
    ],
    evidence: { bytes, bloatBytes: wasted, basis: "estimate", indexRows: rows },
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
