import type { TableSnapshot, TenantDifference, TenantRows } from "../../findings/snapshot.js";

export type Difference = TenantDifference;

/** What the keys of a table's rows say: whose rows are the same ones, and what became of the others'. */
export interface KeyJudgement {
  readonly differences: readonly Difference[];
  /** Tenants that have the same rows as before, and of those none was written since. */
  readonly same: readonly TenantPair[];
  /** Tenants between which rows moved, and that lost and gained nothing else. */
  readonly exchanged: readonly (readonly TenantPair[])[];
  /** Tenants with rows that were written since, or lost, or added. */
  readonly others: number;
}

export interface TenantPair {
  readonly tenant: string | null;
  readonly before: TenantRows | undefined;
  readonly after: TenantRows | undefined;
}

interface Change extends TenantPair {
  /** Rows more than before. */
  readonly rows: number;
  /** Sum of keys more than before, modulo 2^64. */
  readonly keys: bigint;
  /** Rows that may be missing only because they were written since. */
  readonly excused: number;
}

/**
 * Finds where each tenant's rows went. A sum over hashed keys changes by exactly the hashes of the rows that
 * came and went, so two tenants whose sums changed by opposite amounts exchanged rows (but for one case in
 * 2^64), and tenants whose changes sum to nothing lost none between them. Which rows the others lost, and
 * whether what one lost is what another gained, sums can't say.
 *
 * @param known by what rows are told apart: whole rows tell only what was exchanged, nothing only numbers
 */
export function judgeKeys(
  before: TableSnapshot,
  after: TableSnapshot,
  known: "keys" | "rows" | "nothing",
): KeyJudgement {
  const changes = pairs(before, after).map((pair) => changeOf(pair, known !== "nothing"));
  const { exchanged, rest: others } =
    known === "nothing"
      ? { exchanged: [], rest: changes }
      : exchanges(changes.filter((change) => !isStill(change)));
  // A row that was changed is another one: that says nothing of rows that came and went.
  const left = (known === "keys" ? others : others.map((change) => ({ ...change, keys: 0n }))).concat(
    known === "nothing" ? [] : changes.filter(isStill),
  );
  const still = left.filter(isStill);
  const rest = left.filter((change) => !isStill(change));
  const isWritten = ({ after: now }: TenantPair) => (now?.written ?? 0) - (now?.created ?? 0) > 0;
  const leftovers = rest.flatMap(leftover);
  return {
    differences: [
      ...exchanged.flatMap((group) => group.map((change) => movedOf(change, group))),
      ...leftovers,
    ],
    same: still.filter((pair) => !isWritten(pair) || isBounded(pair.after)),
    exchanged: exchanged.filter((group) => !group.some(isWritten)),
    others: still.filter((pair) => isWritten(pair) && !isBounded(pair.after)).length + rest.length,
  };
}

function isStill({ rows, keys }: Change): boolean {
  return rows === 0 && keys === 0n;
}

/** It is known what was written since, not what was created: rows that were written are counted out. */
function isBounded(after: TenantRows | undefined): boolean {
  return after?.written !== undefined && after.created === undefined;
}

function pairs(before: TableSnapshot, after: TableSnapshot): TenantPair[] {
  const was = new Map(before.groups.map((group) => [group.tenant, group]));
  const is = new Map(after.groups.map((group) => [group.tenant, group]));
  return [...new Set([...was.keys(), ...is.keys()])].map((tenant) => ({
    tenant,
    before: was.get(tenant),
    after: is.get(tenant),
  }));
}

function changeOf(pair: TenantPair, hasKeys: boolean): Change {
  const { before, after } = pair;
  return {
    ...pair,
    rows: (after?.rows ?? 0) - (before?.rows ?? 0),
    keys: hasKeys ? BigInt.asUintN(64, (after?.keys ?? 0n) - (before?.keys ?? 0n)) : 0n,
    excused: isBounded(after) ? after!.written! : 0,
  };
}

/** Pairs whose changes cancel, then all that is left where it cancels as a whole. */
function exchanges(moving: readonly Change[]): { exchanged: Change[][]; rest: Change[] } {
  const open = new Map<string, Change[]>();
  const exchanged: Change[][] = [];
  for (const change of moving) {
    const opposite = nameOf(-change.rows, BigInt.asUintN(64, -change.keys));
    const partner = open.get(opposite)?.pop();
    if (partner) {
      exchanged.push([partner, change]);
      continue;
    }
    const name = nameOf(change.rows, change.keys);
    open.set(name, [...(open.get(name) ?? []), change]);
  }
  const rest = [...open.values()].flat();
  const rows = rest.reduce((sum, change) => sum + change.rows, 0);
  const keys = BigInt.asUintN(
    64,
    rest.reduce((sum, change) => sum + change.keys, 0n),
  );
  if (rest.length > 1 && rows === 0 && keys === 0n) return { exchanged: [...exchanged, rest], rest: [] };
  return { exchanged, rest };
}

function nameOf(rows: number, keys: bigint): string {
  return `${rows} ${keys}`;
}

function movedOf(change: Change, group: readonly Change[]): Difference {
  const what = change.rows > 0 ? "moved here" : change.rows < 0 ? "moved away" : "moved";
  // As many went as came: at least one.
  const rows = change.rows === 0 ? (change === group[0] ? 1 : 0) : Math.abs(change.rows);
  return { ...numbersOf(change), what, rows };
}

/** What can't be told from other tenants' changes. */
function leftover(change: Change): Difference[] {
  const { rows, excused } = change;
  if (rows > 0) return [{ ...numbersOf(change), what: "added", rows }];
  if (rows === 0) return [{ ...numbersOf(change), what: "replaced", rows: 1 }];
  const lost = -rows - excused;
  return lost > 0 ? [{ ...numbersOf(change), what: "lost", rows: lost }] : [];
}

function numbersOf({ tenant, before, after }: Change) {
  return { tenant, before: before?.rows ?? 0, now: (after?.rows ?? 0) + (after?.created ?? 0) };
}
