import { tableSubject } from "../../../database/index.js";
import type { FindingDraft } from "../../../findings/finding.js";
import { enforcesAsMuch, isHeld, isLedBy, isSameShape } from "../comparison.js";
import { shownTable, type UsageContext } from "../context.js";
import { declaredKey, dropIndex } from "../drop-index.js";
import type { KnownIndex } from "../types.js";

/** An index that another one makes superfluous. */
export interface Spare {
  readonly index: KnownIndex;
  readonly kept: KnownIndex;
}

/** Of each two indexes that hold the same rows in the same order, the one to drop. */
export function duplicates({ indexes, usage }: UsageContext): Spare[] {
  const kept: KnownIndex[] = [];
  const spares: Spare[] = [];
  for (const index of byWorth(indexes.filter(isWhole), usage)) {
    const twin = kept.find((other) => isSameShape(other, index) && enforcesAsMuch(other, index));
    if (twin && !isHeldByOthers(index)) spares.push({ index, kept: twin });
    else kept.push(index);
  }
  return spares;
}

/** Indexes whose keys are the first of another one's; duplicates are not asked for again. */
export function prefixes({ indexes, usage }: UsageContext, gone: readonly Spare[]): Spare[] {
  const whole = byWorth(indexes.filter(isWhole), usage).filter(
    (index) => !gone.some((spare) => spare.index === index),
  );
  const isSpare = (index: KnownIndex) => !index.catalog.isUnique && !isHeld(index);
  const ledBy = (index: KnownIndex) => whole.filter((other) => other !== index && isLedBy(index, other));
  return whole.flatMap((index) => {
    const wider = isSpare(index) ? ledBy(index) : [];
    // One that goes itself is no reason; the widest of a chain never does.
    const staying = wider.filter((other) => !isSpare(other) || ledBy(other).length === 0);
    const [kept] = staying.sort((left, right) => left.bytes - right.bytes || nameOrder(left, right));
    return kept ? [{ index, kept }] : [];
  });
}

export function duplicateFindings(spares: readonly Spare[], context: UsageContext): FindingDraft[] {
  return spares.map(({ index, kept }) => {
    const { name } = index.catalog;
    return {
      rule: "index/duplicate",
      subject: { ...tableSubject(index.owner), table: index.table.name, index: name },
      message: `index ${name} on ${shownTable(index)} holds what ${kept.catalog.name} holds, in the same order: each write maintains both`,
      ...dropIndex(index, `Drop it; ${kept.catalog.name} does its work.`),
      evidence: evidenceOf(index, kept, context),
    };
  });
}

export function prefixFindings(spares: readonly Spare[], context: UsageContext): FindingDraft[] {
  return spares.map(({ index, kept }) => {
    const { name } = index.catalog;
    return {
      rule: "index/redundant-prefix",
      subject: { ...tableSubject(index.owner), table: index.table.name, index: name },
      message: `index ${name} on ${shownTable(index)} is the beginning of ${kept.catalog.name}, which finds the same rows`,
      ...dropIndex(index, `Drop it; ${kept.catalog.name} does its work.`),
      evidence: evidenceOf(index, kept, context),
    };
  });
}

function evidenceOf(index: KnownIndex, kept: KnownIndex, { usage }: UsageContext) {
  return {
    definition: index.definition,
    kept: kept.catalog.name,
    scans: usage(index).scans,
    keptScans: usage(kept).scans,
    bytes: index.bytes,
    keptBytes: kept.bytes,
  };
}

function isWhole({ catalog }: KnownIndex): boolean {
  return catalog.isValid && catalog.isReady && !catalog.isBeingBuilt;
}

/** Something else than queries and its own rule needs this very index, whatever its twin does. */
function isHeldByOthers(index: KnownIndex): boolean {
  return index.catalog.isPrimary || index.referencedBy.length > 0 || index.isReplicaIdentity;
}

/** Those first that are to stay: held ones, unique ones, declared ones, those used most. */
function byWorth(indexes: readonly KnownIndex[], usage: UsageContext["usage"]): KnownIndex[] {
  const worth = (index: KnownIndex) => [
    isHeldByOthers(index),
    index.catalog.isUnique,
    index.constraint !== null,
    declaredKey(index) !== undefined,
  ];
  return [...indexes].sort((left, right) => {
    const others = worth(right);
    const at = worth(left).findIndex((value, position) => value !== others[position]);
    if (at >= 0) return others[at] ? 1 : -1;
    return usage(right).scans - usage(left).scans || nameOrder(left, right);
  });
}

function nameOrder(left: KnownIndex, right: KnownIndex): number {
  return left.catalog.name < right.catalog.name ? -1 : 1;
}
