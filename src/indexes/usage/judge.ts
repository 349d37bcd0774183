import { isUsable } from "../../database/index.js";
import type { Obstacle } from "../../findings/check.js";
import type { FindingDraft, Subject } from "../../findings/finding.js";
import { isHeld } from "./comparison.js";
import type { UsageContext } from "./context.js";
import { inDays } from "./days.js";
import { bloat } from "./rules/bloat.js";
import { invalid } from "./rules/invalid.js";
import { missingTenantLead } from "./rules/missing-tenant-lead.js";
import { duplicateFindings, duplicates, prefixes, prefixFindings, type Spare } from "./rules/spare.js";
import { isLongObserved, unusedCandidates, unusedFindings } from "./rules/unused.js";
import type { KnownIndex } from "./types.js";

/** Why the counters can't tell whether an index is used. */
export type Doubt = string | undefined;

export interface Judged {
  readonly drafts: FindingDraft[];
  readonly obstacle: Obstacle | undefined;
  /** A word or two for each index that a reader should know of, by its id. */
  readonly marks: ReadonlyMap<string, readonly string[]>;
}

/**
 * All rules over one reading. Pure.
 *
 * @param doubt what makes the counters say too little, whatever their age
 * @param asked the indexes that are reported on; the others count as their twins and counterparts
 */
export function judgeUsage(
  context: UsageContext,
  servers: number,
  doubt: Doubt,
  asked: readonly KnownIndex[],
): Judged {
  const same = duplicates(context);
  const led = prefixes(context, same);
  // What goes for another reason goes once, and what takes over its work stays.
  const spare = new Set([...same, ...led].flatMap(({ index, kept }) => [index, kept]));
  const candidates = unusedCandidates(context).filter((index) => !spare.has(index) && asked.includes(index));
  const observed = doubt === undefined ? candidates.filter((index) => isLongObserved(index, context)) : [];
  const unused = unusedFindings(observed, context, servers);
  const others = context.options.onlyUnused
    ? []
    : [
        ...invalid(context.audited),
        ...duplicateFindings(same, context),
        ...prefixFindings(led, context),
        ...missingTenantLead(context),
        ...bloat(context),
      ];
  const drafts = [...others, ...unused];
  return {
    drafts: drafts.filter(({ subject }) => concerns(asked, context, subject)),
    obstacle: obstacleOf(context, candidates, observed, doubt),
    marks: marksOf(context, same, led, observed, candidates, drafts),
  };
}

/** Findings of parts stand under the part's name. */
function concerns(asked: readonly KnownIndex[], { family }: UsageContext, subject: Subject): boolean {
  return asked.some((index) =>
    family(index).some(
      ({ catalog, table }) => catalog.name === subject.index && table.name === subject.table,
    ),
  );
}

function obstacleOf(
  { usage, options }: UsageContext,
  candidates: readonly KnownIndex[],
  observed: readonly KnownIndex[],
  doubt: Doubt,
): Obstacle | undefined {
  const young = candidates.filter((index) => !observed.includes(index));
  if (young.length === 0) return undefined;
  const names = young.slice(0, 3).map(({ catalog }) => catalog.name);
  const more = young.length > names.length ? ` and ${young.length - names.length} more` : "";
  const what = `whether ${names.join(", ")}${more} ${young.length === 1 ? "is" : "are"} used can't be said`;
  if (doubt !== undefined) return { status: "inconclusive", reason: `${what}: ${doubt}` };
  const least = Math.min(...young.map((index) => usage(index).observed));
  return {
    status: "inconclusive",
    reason: `${what}: what is known of ${young.length === 1 ? "it" : "them"} covers ${inDays(least)}, and ${inDays(options.minAge)} are asked for; run it again in ${inDays(options.minAge - least)} (each run keeps its reading), or lower --min-age`,
  };
}

function marksOf(
  { indexes, needed, tenants, family }: UsageContext,
  same: readonly Spare[],
  led: readonly Spare[],
  unused: readonly KnownIndex[],
  candidates: readonly KnownIndex[],
  drafts: readonly FindingDraft[],
): Map<string, string[]> {
  const found = (index: KnownIndex, rule: FindingDraft["rule"]) =>
    drafts.some(
      (draft) =>
        draft.rule === rule && family(index).some(({ catalog }) => catalog.name === draft.subject.index),
    );
  return new Map(
    indexes.map((index) => {
      const { catalog } = index;
      const marks = [
        ...(catalog.isPrimary ? ["pk"] : catalog.isUnique ? ["unique"] : []),
        ...(index.constraint !== null && !catalog.isPrimary && !catalog.isUnique ? ["constraint"] : []),
        ...(index.isReplicaIdentity && !catalog.isPrimary ? ["replica identity"] : []),
        ...(needed.has(index.id) && !isHeld(index) && !catalog.isUnique ? ["fk"] : []),
        ...(tenants.has(index.id) ? ["tenant"] : []),
        ...(catalog.isBeingBuilt ? ["being built"] : isUsable(catalog) ? [] : ["INVALID"]),
        ...(same.some((spare) => spare.index === index) ? ["DUPLICATE"] : []),
        ...(led.some((spare) => spare.index === index) ? ["PREFIX"] : []),
        ...(found(index, "index/missing-tenant-lead") ? ["TENANT LAST"] : []),
        ...(found(index, "index/bloat") ? ["BLOAT"] : []),
        ...(unused.includes(index) ? ["UNUSED"] : candidates.includes(index) ? ["unused?"] : []),
      ];
      return [index.id, marks];
    }),
  );
}
