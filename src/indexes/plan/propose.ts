import { type Audited, newIndex, type Remedy } from "../../database/index.js";
import { createStatement, type IndexDefinition } from "../definition.js";
import { proposedName } from "./names.js";
import { type Candidate, columnsOf } from "./types.js";

/** A candidate with its name, its definition and what both sides have to do. */
export interface Proposal {
  readonly candidate: Candidate;
  readonly definition: IndexDefinition;
  readonly statement: string;
  readonly remedy: Remedy;
  readonly line: string | undefined;
}

/** Names candidates, no two alike in one schema. */
export function propose(audited: Audited, candidates: readonly Candidate[]): Proposal[] {
  const taken = new Set<string>();
  return candidates.map((candidate) => {
    const { owner } = candidate;
    const { schema, name: table } = owner.table;
    const columns = columnsOf(candidate);
    const names = columns.map(({ column }) => column);
    const built = newIndex(audited, owner, {
      columns: names,
      descending: columns.filter(({ descending }) => descending).map(({ column }) => column),
      name: proposedName(table, names),
      isTaken: (name) => taken.has(JSON.stringify([schema, name])),
    });
    taken.add(JSON.stringify([schema, built.name]));
    const definition: IndexDefinition = {
      schema,
      table,
      name: built.name,
      columns: columns.map(({ column, descending }) => ({
        column,
        ...(descending ? { order: "desc" as const } : {}),
      })),
    };
    const { remedy, remedySteps, remedyPrisma, line } = built;
    return {
      candidate,
      definition,
      statement: createStatement(definition, { concurrently: true }),
      remedy: { remedy, remedySteps, ...(remedyPrisma ? { remedyPrisma } : {}) },
      line: owner.registered ? line : undefined,
    };
  });
}
