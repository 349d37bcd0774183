import type { Model, PrismaSchema } from "../schema/types.js";
import { isColumnFor, isPersonName, tenantNameScore } from "./words.js";

/** A model that may be the tenant, with the numbers that speak for it. */
export interface Candidate {
  readonly model: Model;
  readonly column: string;
  /** Models that hold this column. */
  readonly direct: number;
  /** Further models that reach one of those through required relations. */
  readonly reached: number;
  /** A model joins it to a user. */
  readonly hasMembership: boolean;
  readonly score: number;
}

export type Inference =
  | { readonly kind: "clear"; readonly winner: Candidate; readonly candidates: readonly Candidate[] }
  | { readonly kind: "unclear"; readonly candidates: readonly Candidate[] };

const leastScore = 25;
const leastLead = 1.35;

/**
 * Finds the tenant model by four signs together, since each alone misleads ("most pointed at" is User in
 * real schemas): its name, how many models hold one column that points at it, how many more reach those
 * through required relations, and whether a membership model joins it to a user. The weights were set on
 * real open-source schemas; a lead of less than a third is called unclear.
 */
export function inferTenant(schema: PrismaSchema): Inference {
  const candidates = schema.models
    .filter((model) => model.kind === "model")
    .flatMap((model) => weigh(schema, model) ?? [])
    .sort((left, right) => right.score - left.score || (left.model.name < right.model.name ? -1 : 1));
  const [first, second] = candidates;
  const isClear = first && first.score >= leastScore && first.score >= leastLead * (second?.score ?? 0);
  return isClear ? { kind: "clear", winner: first, candidates } : { kind: "unclear", candidates };
}

/** The column by which most models point at a model: by a relation, or by its name where there is none. */
export function columnPointingAt(schema: PrismaSchema, model: Model): string | undefined {
  const holders = new Map<string, number>();
  for (const other of schema.models) {
    if (other === model) continue;
    for (const column of pointers(other, model)) holders.set(column, (holders.get(column) ?? 0) + 1);
  }
  const byUse = [...holders].sort(
    ([leftName, left], [rightName, right]) =>
      right - left ||
      Number(isColumnFor(rightName, model.name)) - Number(isColumnFor(leftName, model.name)) ||
      (leftName < rightName ? -1 : 1),
  );
  return byUse[0]?.[0];
}

function pointers(holder: Model, target: Model): Set<string> {
  const found = new Set<string>();
  const related = new Set(holder.relations.flatMap((relation) => relation.fields));
  for (const relation of holder.relations) {
    if (relation.target === target.name && relation.fields.length === 1) found.add(relation.fields[0]!);
  }
  for (const field of holder.fields) {
    if (!related.has(field.name) && !field.isList && isColumnFor(field.name, target.name))
      found.add(field.name);
  }
  return found;
}

function weigh(schema: PrismaSchema, model: Model): Candidate | undefined {
  const column = columnPointingAt(schema, model);
  if (column === undefined) return undefined;
  const holders = schema.models.filter((other) => other !== model && pointers(other, model).has(column));
  const reached = reachedThrough(schema, new Set(holders.map((holder) => holder.name)), model.name);
  const hasMembership = holders.some((holder) => joinsUser(holder, model));
  const others = Math.max(1, schema.models.length - 1);
  const score =
    tenantNameScore(model.name) +
    (40 * holders.length) / others +
    (20 * reached) / others +
    2 * Math.min(10, holders.length) +
    (hasMembership && !isPersonName(model.name) ? 15 : 0);
  return { model, column, direct: holders.length, reached, hasMembership, score: Math.round(score) };
}

function reachedThrough(schema: PrismaSchema, start: ReadonlySet<string>, root: string): number {
  const seen = new Set(start);
  for (let grown = true; grown; ) {
    const next = schema.models.filter(
      (model) =>
        model.name !== root &&
        !seen.has(model.name) &&
        model.relations.some((relation) => relation.isRequired && seen.has(relation.target)),
    );
    for (const model of next) seen.add(model.name);
    grown = next.length > 0;
  }
  return seen.size - start.size;
}

/** A membership: a model named after people, or keyed by both, that points at the candidate and at a person. */
function joinsUser(holder: Model, candidate: Model): boolean {
  if (isPersonName(candidate.name)) return false;
  const toPerson = holder.relations.find((relation) => isPersonName(relation.target));
  if (isPersonName(holder.name)) {
    return toPerson !== undefined || holder.fields.some((field) => isPersonName(field.name));
  }
  const columns = [...(toPerson?.fields ?? []), ...pointers(holder, candidate)];
  return holder.keys.some(
    (key) =>
      toPerson &&
      key.kind !== "index" &&
      key.fields.length === 2 &&
      key.fields.every((field) => columns.includes(field)),
  );
}
