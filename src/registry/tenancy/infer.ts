import type { Model, PrismaSchema } from "../schema/types.js";
import { Pointers } from "./pointers.js";
import { isPersonName, tenantNameScore } from "./words.js";

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
  const pointers = new Pointers(schema);
  const children = requiredChildren(schema);
  const candidates = schema.models
    .filter((model) => model.kind === "model")
    .flatMap((model) => weigh(schema, pointers, children, model) ?? [])
    .sort((left, right) => right.score - left.score || (left.model.name < right.model.name ? -1 : 1));
  const [first, second] = candidates;
  const isClear = first && first.score >= leastScore && first.score >= leastLead * (second?.score ?? 0);
  return isClear ? { kind: "clear", winner: first, candidates } : { kind: "unclear", candidates };
}

function weigh(
  schema: PrismaSchema,
  pointers: Pointers,
  children: ReadonlyMap<string, string[]>,
  model: Model,
): Candidate | undefined {
  const column = pointers.mainColumn(model);
  if (column === undefined) return undefined;
  const holders = [...pointers.at(model).get(column)!];
  const reached = countReached(
    children,
    holders.map((holder) => holder.name),
    model.name,
  );
  const hasMembership = !isPersonName(model.name) && holders.some((holder) => joinsUser(holder, column));
  const others = Math.max(1, schema.models.length - 1);
  const score =
    tenantNameScore(model.name) +
    (40 * holders.length) / others +
    (20 * reached) / others +
    2 * Math.min(10, holders.length) +
    (hasMembership ? 15 : 0);
  return { model, column, direct: holders.length, reached, hasMembership, score: Math.round(score) };
}

/** Models by the one that they need: each of their rows has such a parent. */
function requiredChildren(schema: PrismaSchema): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const model of schema.models) {
    for (const { target, isRequired } of model.relations) {
      if (isRequired) children.set(target, [...(children.get(target) ?? []), model.name]);
    }
  }
  return children;
}

/** How many more models reach one of the start through required relations. */
function countReached(
  children: ReadonlyMap<string, string[]>,
  start: readonly string[],
  root: string,
): number {
  const seen = new Set(start);
  const queue = [...start];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const child of children.get(name) ?? []) {
      if (child === root || seen.has(child)) continue;
      seen.add(child);
      queue.push(child);
    }
  }
  return seen.size - start.length;
}

/** A membership: a model named after people, or keyed by both, that points at the candidate and at a person. */
function joinsUser(holder: Model, column: string): boolean {
  const toPerson = holder.relations.find((relation) => isPersonName(relation.target));
  if (isPersonName(holder.name)) {
    return toPerson !== undefined || holder.fields.some((field) => isPersonName(field.name));
  }
  const columns = [...(toPerson?.fields ?? []), column];
  return holder.keys.some(
    (key) =>
      toPerson &&
      key.kind !== "index" &&
      key.fields.length === 2 &&
      key.fields.every((field) => columns.includes(field)),
  );
}
