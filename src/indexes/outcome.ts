import type { CheckOutcome } from "../findings/check.js";
import type { IndexWorkFact, WaitFact } from "../findings/index-work.js";
import { shownIndex } from "./definition.js";
import type { IndexPreview } from "./preview.js";
import type { Blocker } from "./progress.js";
import type { IndexResult } from "./result.js";

/** Id and title of the check that all work on indexes is reported as. */
export const indexWorkCheck = { id: "index-work", title: "Index work" } as const;

const asWanted: ReadonlySet<string> = new Set(["built", "already there", "dropped", "not there"]);

/** A run as a check: what the database does not allow is a finding, what could not be done its obstacle. */
export function outcomeOfWork(
  results: readonly IndexResult[],
  facts: Readonly<Record<string, unknown>>,
  durationMs: number,
): CheckOutcome {
  const undone = results.filter(({ state, drafts }) => !asWanted.has(state) && drafts.length === 0);
  return {
    ...indexWorkCheck,
    drafts: results.flatMap(({ drafts }) => drafts),
    ...obstacleOf(undone.map(({ definition, reason, hint }) => ({ definition, reason, hint }))),
    durationMs,
    facts: { ...facts, indexes: results.map(factOf) },
  };
}

/** A dry run as a check. */
export function outcomeOfPreview(
  previews: readonly IndexPreview[],
  facts: Readonly<Record<string, unknown>>,
  durationMs: number,
): CheckOutcome {
  const refused = previews.filter(({ act, drafts }) => act === "refuse" && drafts.length === 0);
  return {
    ...indexWorkCheck,
    drafts: previews.flatMap(({ drafts }) => drafts),
    ...obstacleOf(refused),
    durationMs,
    facts: { ...facts, isDryRun: true, indexes: previews.map(previewFact) },
  };
}

function obstacleOf(
  undone: readonly {
    readonly definition: { readonly schema: string; readonly name: string };
    readonly reason?: string | undefined;
    readonly hint?: string | undefined;
  }[],
): Pick<CheckOutcome, "obstacle"> {
  if (undone.length === 0) return {};
  const reasons = undone.map(
    ({ definition, reason, hint }) => `${shownIndex(definition)}: ${reason}${hint ? `; ${hint}` : ""}`,
  );
  return { obstacle: { status: "error", reason: reasons.join(". ") } };
}

/** What builds it again beside its writers; the index of a partitioned table alone can't be built so. */
function withoutBlocking(definition: string): string {
  return / ON ONLY /.test(definition)
    ? `${definition}; -- and one of each partition, attached: tenantctl index create does all of it`
    : definition.replace(/^CREATE (UNIQUE )?INDEX /, "CREATE $1INDEX CONCURRENTLY ");
}

function factOf(result: IndexResult): IndexWorkFact {
  const { definition, state, reason, bytes, durationMs, attempts, phases, waitedFor, undo, parts } = result;
  return {
    ...{ schema: definition.schema, table: definition.table, index: definition.name, state },
    ...(reason === undefined ? {} : { reason }),
    ...(bytes === undefined ? {} : { bytes }),
    ...{ durationMs, attempts, phases, waitedFor: waitedFor.map(waitFact) },
    ...(undo === undefined ? {} : { definition: withoutBlocking(undo) }),
    ...(parts?.length ? { parts: parts.map(factOf) } : {}),
  };
}

function previewFact({
  definition,
  act,
  statements,
  estimate,
  blockers,
  reason,
}: IndexPreview): IndexWorkFact {
  return {
    ...{ schema: definition.schema, table: definition.table, index: definition.name, state: act },
    ...(reason === undefined ? {} : { reason }),
    ...{ statements, ...(estimate ? { estimate } : {}), waitedFor: blockers.map(waitFact) },
  };
}

function waitFact({ kind, pid, application, role, state, seconds, query }: Blocker): WaitFact {
  return { kind, pid, application, role, state, seconds, query };
}
