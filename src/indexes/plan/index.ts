import type { Snapshot } from "../../adapters/postgres/snapshot.js";
import { quoteIdentifier } from "../../adapters/sql-file.js";
import { type Application, type Audited, readAudited, schemasOf } from "../../database/index.js";
import type { CheckOutcome } from "../../findings/check.js";
import type { IndexPlanFacts } from "../../findings/index-plan.js";
import { createStatement } from "../definition.js";
import type { WantedIndex } from "../definition-file.js";
import { readIndexes } from "../usage/read-indexes.js";
import type { KnownIndex } from "../usage/types.js";
import { coveringIndex, invalidTwin, selectiveIndex } from "./covering.js";
import { proposedFacts } from "./facts.js";
import { planFindings } from "./findings.js";
import { foreignKeyCandidates, type LeftOut } from "./foreign-keys.js";
import { mergeCandidates } from "./merge.js";
import { type Proposal, propose } from "./propose.js";
import { type Planner, prove } from "./prove.js";
import { queryCandidates } from "./query-candidates.js";
import { type Extension, readCostlyQueries, readHypopg } from "./read-queries.js";
import { readActivity, readWidths } from "./read-tables.js";
import { scopeCandidates } from "./scopes.js";
import { type Candidate, columnsOf, type Proof } from "./types.js";

/** The check, before it has run. */
export const indexPlanCheck = { id: "index-plan", title: "Index plan" } as const;

export interface PlannedIndexes {
  readonly outcome: CheckOutcome;
  /** What `index create` takes. */
  readonly indexes: readonly WantedIndex[];
}

/**
 * Indexes that the application's queries lack: by what its guard asks, by its foreign keys, and by the costly
 * statements that the server remembers.
 *
 * @throws UnavailableError where the database has none of the schema's tables.
 */
export async function planIndexes(snapshot: Snapshot, application: Application): Promise<PlannedIndexes> {
  const start = performance.now();
  const audited = await readAudited(snapshot, application);
  const [{ indexes, unseen }, hypopg, statements, activity] = await Promise.all([
    readIndexes(snapshot, audited),
    readHypopg(snapshot),
    readCostlyQueries(snapshot),
    readActivity(snapshot, audited),
  ]);
  const asked = await queryCandidates(audited, statements.queries ?? []);
  const wanted = wantedIndexes(audited, indexes, asked, activity.deletes);
  const proposals = propose(audited, wanted.candidates);
  const planner = plannerOf(audited, hypopg);
  const proofs = planner ? await prove(snapshot, proposals.map(hypothesisOf), planner) : undefined;
  const judged = proposals.map((proposal, at) => ({ proposal, proof: proofs?.[at] }));
  const kept = judged.filter(({ proposal, proof }) => isWorthwhile(proposal, proof));
  const widths = await readWidths(
    snapshot,
    kept.map(({ proposal }) => proposal),
  );
  const listed = kept.map(({ proposal, proof }) =>
    proposedFacts(
      proposal,
      proof,
      indexes,
      widths(proposal),
      activity.bytes.get(proposal.candidate.owner.table.id),
    ),
  );
  const notProposed: LeftOut[] = [
    ...wanted.leftOut,
    ...judged.filter((each) => !kept.includes(each)).map(({ proposal }) => refused(proposal)),
    ...statements.leftOut,
    ...(planner ? [] : [withoutPlanner]),
  ];
  const facts: IndexPlanFacts = {
    proposals: listed,
    notProposed,
    statements: statements.queries?.length ?? null,
    provedBy: planner ? "hypopg" : null,
  };
  const { server } = audited.catalog;
  return {
    outcome: {
      ...indexPlanCheck,
      drafts: planFindings(
        kept.map(({ proposal }) => proposal),
        listed,
      ),
      obstacle: unseen.length ? { status: "error", reason: unseen.join("; ") } : undefined,
      durationMs: performance.now() - start,
      facts: { database: server.database, server: server.version, role: server.role, ...facts },
    },
    indexes: kept.map(({ proposal }) => ({
      ...proposal.definition,
      reason: proposal.candidate.reasons[0]!.text,
    })),
  };
}

/** What is wanted and not covered, the fewest indexes for all of it. Pure. */
function wantedIndexes(
  audited: Audited,
  indexes: readonly KnownIndex[],
  queries: readonly Candidate[],
  deletes: ReadonlyMap<string, number>,
): { candidates: Candidate[]; leftOut: LeftOut[] } {
  const isLacking = (candidate: Candidate) => coveringIndex(candidate, indexes) === undefined;
  const costly = queries.filter(isLacking).filter((each) => selectiveIndex(each, indexes) === undefined);
  const scoped = [...scopeCandidates(audited).filter(isLacking), ...costly];
  const keys = foreignKeyCandidates(audited, indexes, scoped, deletes);
  const merged = mergeCandidates([...scoped, ...keys.candidates]).sort(byTable);
  const broken = merged.flatMap((candidate) => {
    const twin = invalidTwin(candidate, indexes);
    return twin ? [{ candidate, twin }] : [];
  });
  return {
    candidates: merged.filter((each) => !broken.some(({ candidate }) => candidate === each)),
    leftOut: [...keys.leftOut, ...broken.map(({ candidate, twin }) => leftToRebuild(candidate, twin))],
  };
}

/** By table and columns: the same database gives the same plan. */
function byTable(left: Candidate, right: Candidate): number {
  const key = (candidate: Candidate) =>
    JSON.stringify([
      candidate.owner.table.schema,
      candidate.owner.table.name,
      columnsOf(candidate).map(({ column }) => column),
    ]);
  return key(left) < key(right) ? -1 : 1;
}

function hypothesisOf({ definition, candidate }: Proposal) {
  return { statement: createStatement(definition, { concurrently: false }), probes: candidate.probes };
}

/** What an index has to take off a statement's cost where that statement is all that it is for. */
const leastGain = 0.1;
/** In the planner's units, a page read each: what costs less needs no better. */
const leastCost = 100;

/** What the guard or a foreign key needs stays, however small the table is today. */
function isWorthwhile({ candidate }: Proposal, proof: readonly Proof[] | string | undefined): boolean {
  const isForQueriesOnly = candidate.reasons.every(({ kind }) => kind === "query");
  if (!isForQueriesOnly || proof === undefined || typeof proof === "string") return true;
  return proof.some(
    ({ before, after, isUsed }) => isUsed && before >= leastCost && after <= before * (1 - leastGain),
  );
}

function refused({ candidate }: Proposal): LeftOut {
  return {
    what: shownCandidate(candidate),
    why: "the planner would not read it, or it would save less than a tenth of what a statement costs, or the statements cost next to nothing",
  };
}

function leftToRebuild(candidate: Candidate, { catalog, table }: KnownIndex): LeftOut {
  const why = catalog.isBeingBuilt ? "is being built" : "is that, and is invalid";
  const next = catalog.isBeingBuilt ? "run the plan again then" : "tenantctl index usage says how to mend it";
  return { what: shownCandidate(candidate), why: `${table.schema}.${catalog.name} ${why}: ${next}` };
}

function shownCandidate(candidate: Candidate): string {
  const { schema, name } = candidate.owner.table;
  return `an index of ${schema}.${name} on (${columnsOf(candidate)
    .map(({ column }) => column)
    .join(", ")})`;
}

function plannerOf({ catalog, application }: Audited, hypopg: Extension | undefined): Planner | undefined {
  return (
    hypopg && {
      versionNumber: catalog.server.versionNumber,
      hypopg: hypopg.schema,
      searchPath: [...schemasOf(application), hypopg.schema, "public"].map(quoteIdentifier).join(", "),
    }
  );
}

const withoutPlanner: LeftOut = {
  what: "the planner's word on each proposal",
  why: "HypoPG is not created here: apt-get install postgresql-NN-hypopg, then CREATE EXTENSION hypopg",
};
