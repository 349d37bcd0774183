import type { IndexUsage, IndexUsageFacts } from "../findings/index-usage.js";
import type { CheckResult } from "../findings/report.js";
import { count, grouped, size, visible } from "./words.js";

/** Facts of an index usage check; undefined for every other check. */
export function indexUsageOf({ id, facts }: CheckResult): IndexUsageFacts | undefined {
  const isUsage = id === "index-usage" && Array.isArray(facts.indexUsage);
  return isUsage ? (facts as unknown as IndexUsageFacts) : undefined;
}

/** A table's head and a row an index: names, then figures, then marks. */
export function usageTable(indexes: readonly IndexUsage[]): {
  head: readonly string[];
  rows: readonly (readonly string[])[];
} {
  const hasSchemas = new Set(indexes.map(({ schema }) => schema)).size > 1;
  const hasLastScan = indexes.some(({ lastScan }) => lastScan !== null);
  return {
    head: ["Index", "Table", "Scans", "Size", ...(hasLastScan ? ["Last used"] : []), "Marks"],
    rows: indexes.map((each) => [
      visible(each.index),
      visible(hasSchemas ? `${each.schema}.${each.table}` : each.table),
      grouped(each.scans),
      size(each.bytes),
      ...(hasLastScan ? [each.lastScan?.slice(0, 10) ?? "–"] : []),
      each.marks.join(", "),
    ]),
  };
}

/** Whose counters they are, since when, and what of earlier runs was added. */
export function usageBasis({ counted, earlierReadings, indexUsage, indexCount }: IndexUsageFacts): string[] {
  const servers = counted.map(
    ({ node, role, countedSince, observedDays }) =>
      `${role} ${node}: counted since ${countedSince?.slice(0, 16).replace("T", " ") ?? "its start"} UTC, ${observedDays} days in all`,
  );
  return [
    ...servers,
    ...(earlierReadings ? [`${count(earlierReadings, "earlier reading")} added`] : []),
    ...(indexUsage.length < indexCount ? [`${indexUsage.length} of ${grouped(indexCount)} indexes`] : []),
  ];
}
