import { tableSubject } from "../../database/index.js";
import type { FindingDraft } from "../../findings/finding.js";
import type { ProposedIndex } from "../../findings/index-plan.js";
import type { Proposal } from "./propose.js";
import { columnsOf } from "./types.js";

/** A finding for each proposal: what is missing, and how to build it. */
export function planFindings(
  proposals: readonly Proposal[],
  listed: readonly ProposedIndex[],
): FindingDraft[] {
  return proposals.map(({ candidate, definition, remedy }, at) => {
    const { rows, estimatedBytes, estimatedSeconds, costs, replaces, reasons } = listed[at]!;
    const { owner } = candidate;
    const columns = columnsOf(candidate).map(({ column }) => column);
    const keys = candidate.reasons.flatMap((reason) =>
      reason.kind === "foreign-key" ? [reason.constraint] : [],
    );
    const isForKeysOnly = candidate.reasons.every(({ kind }) => kind === "foreign-key");
    const spare = replaces.length
      ? ` ${replaces.join(", ")} ${replaces.length === 1 ? "has" : "have"} no work beside it: drop ${replaces.length === 1 ? "it" : "them"} then.`
      : "";
    return {
      rule: isForKeysOnly ? "index/missing-foreign-key-index" : "index/missing-composite",
      subject: {
        ...tableSubject(owner, columns[0]),
        ...(isForKeysOnly ? { constraint: keys[0] } : { index: definition.name }),
      },
      message: `${owner.table.schema}.${owner.table.name} has no index for (${columns.join(", ")}): ${reasons.join("; ")}`,
      ...remedy,
      remedy: `${remedy.remedy}${spare}`,
      evidence: {
        index: definition.name,
        estimatedRows: rows,
        estimatedBytes,
        estimatedSeconds,
        costs,
        replaces,
      },
    };
  });
}
