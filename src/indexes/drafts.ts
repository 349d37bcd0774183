import type { FindingDraft } from "../findings/finding.js";
import { grouped } from "../findings/numbers.js";
import { dropStatement, type IndexDefinition, shownIndex, shownTable } from "./definition.js";
import { type Duplicates, duplicatesQuery } from "./duplicates.js";
import type { Standing } from "./standing.js";

function subjectOf({ schema, table, name }: IndexDefinition): FindingDraft["subject"] {
  return { schema, table, index: name };
}

/** An invalid index that nothing proves to be ours. */
export function foreignInvalid(wanted: IndexDefinition, standing: Standing, isWanted: boolean): FindingDraft {
  const same = isWanted ? "of the same definition" : `of another definition (${standing.shape})`;
  return {
    rule: "index/invalid",
    subject: subjectOf(wanted),
    message: `an invalid index ${shownIndex(wanted)} ${same} stands in the way, and no journal says that it is ours`,
    remedy:
      "See that nobody builds it (another machine, another state folder?). Then drop it, and create the index again.",
    remedySteps: [`${dropStatement(wanted, { concurrently: true })};`],
    evidence: { definition: standing.definition, isReady: standing.isReady },
  };
}

/** What an attempt of ours left and could not be dropped. */
export function ownInvalid(wanted: IndexDefinition, reason: string): FindingDraft {
  return {
    rule: "index/invalid",
    subject: subjectOf(wanted),
    message: `the invalid index ${shownIndex(wanted)} is left: ${reason}`,
    remedy: "When the transactions that it waits for have ended, let resume drop it and build it anew.",
    remedySteps: ["tenantctl index resume"],
    evidence: { isOurs: true },
  };
}

/** The name stands for something else. */
export function nameConflict(wanted: IndexDefinition, other: string): FindingDraft {
  return {
    rule: "index/name-conflict",
    subject: subjectOf(wanted),
    message: `the name ${shownIndex(wanted)} belongs to ${other}`,
    remedy: "Give the new index another name (--name), or drop the old one if nobody needs it.",
    evidence: { wanted: wanted.columns.map(({ column, expression }) => column ?? expression) },
  };
}

/** Rows that no unique index can be built over. */
export function duplicateRows(wanted: IndexDefinition, found: Duplicates): FindingDraft {
  const columns = wanted.columns.map(({ column, expression }) => column ?? expression).join(", ");
  return {
    rule: "index/duplicate-rows",
    subject: subjectOf(wanted),
    message: `${grouped(found.rows)} rows of ${shownTable(wanted)} share ${grouped(found.keys)} ${found.keys === 1 ? "key" : "keys"} of (${columns}): ${shownIndex(wanted)} can't be unique`,
    remedy: "Merge or mend the rows, then create the index again.",
    remedySteps: [`${duplicatesQuery(wanted).trim().replace(/;$/, "")};`],
    evidence: {
      rows: found.rows,
      keys: found.keys,
      sample: found.sample.map(({ key, rows }) => `${key.join(", ")}: ${rows} rows`),
    },
  };
}

/** Valid, and yet no transaction that began before it may use it. */
export function notUsableYet(wanted: IndexDefinition): FindingDraft {
  return {
    rule: "index/not-usable-yet",
    subject: subjectOf(wanted),
    message: `${shownIndex(wanted)} is valid, but transactions that began before it was built can't use it (indcheckxmin)`,
    remedy:
      "Wait until the old transactions have ended; a session with a long transaction has to begin a new one.",
    evidence: {},
  };
}

/** An index that can't be dropped. */
export function inUse(
  wanted: Pick<IndexDefinition, "schema" | "table" | "name">,
  why: string,
  remedy: string,
): FindingDraft {
  return {
    rule: "index/in-use",
    subject: { schema: wanted.schema, table: wanted.table, index: wanted.name },
    message: `${wanted.schema}.${wanted.name} can't be dropped: ${why}`,
    remedy,
    evidence: {},
  };
}
