import { tableSubject } from "../../../database/index.js";
import type { FindingDraft } from "../../../findings/finding.js";
import { grouped } from "../../../findings/numbers.js";
import { isHeld } from "../comparison.js";
import { shownTable, type UsageContext } from "../context.js";
import { dayMs, inDays } from "../days.js";
import { dropIndex } from "../drop-index.js";
import type { KnownIndex } from "../types.js";

/** Indexes that nothing but queries needs, and hardly a query used. */
export function unusedCandidates({ indexes, usage, needed, tenants, options }: UsageContext): KnownIndex[] {
  return indexes.filter(
    (index) =>
      index.catalog.isValid &&
      !index.catalog.isBeingBuilt &&
      !index.catalog.isUnique &&
      !isHeld(index) &&
      !tenants.has(index.id) &&
      (options.judgesForeignKeys || !needed.has(index.id)) &&
      usage(index).scans <= options.maxScans,
  );
}

/** Those of which the counters tell enough: they counted for long enough while the index was there. */
export function isLongObserved(index: KnownIndex, { usage, options }: UsageContext): boolean {
  return usage(index).observed >= options.minAge;
}

export function unusedFindings(
  unused: readonly KnownIndex[],
  context: UsageContext,
  servers: number,
): FindingDraft[] {
  const { usage, needed, family } = context;
  return unused.map((index) => {
    const { scans, lastScan, observed } = usage(index);
    const { name } = index.catalog;
    const times =
      scans === 0 ? "was not used" : `was used ${grouped(scans)} ${scans === 1 ? "time" : "times"}`;
    const where = servers > 1 ? ` on ${servers} servers` : "";
    const keys = needed.get(index.id);
    const checks = keys ? `; only deletes of parents would need it (${keys.join(", ")})` : "";
    return {
      rule: "index/unused",
      subject: { ...tableSubject(index.owner), table: index.table.name, index: name },
      message: `index ${name} on ${shownTable(index)} ${times} in ${inDays(observed)}${where}, and every write maintains it${checks}`,
      ...dropIndex(index, "Ask who wanted it (a yearly report may), then drop it."),
      evidence: {
        definition: index.definition,
        scans,
        observedDays: Math.floor(observed / dayMs),
        lastScan: lastScan?.toISOString() ?? null,
        bytes: family(index).reduce((sum, { bytes }) => sum + bytes, 0),
        servers,
      },
    };
  });
}
