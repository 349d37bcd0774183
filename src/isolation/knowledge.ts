import { isTellingId } from "./ids.js";
import { leavesOf } from "./leaves.js";
import { identityOf, type Row, rowsOf } from "./rows.js";
import type { Scene } from "./scene.js";

/**
 * Why nothing would be known as the victim's even if it were there; undefined where something would: what was
 * planted, values that only the victim's own answer had, or rows that all say whose they are.
 */
export function blindnessOf(scene: Scene): string | undefined {
  const { isPlanted, isShared, marks, leaking, victim, theirs } = scene;
  if (isPlanted || isShared || saysWhose(scene)) return undefined;
  if ([...marks, ...leaking].some(({ kind }) => kind === "own" || kind === "id")) return undefined;
  const name = victim.name.toUpperCase();
  return theirs
    ? `${victim.name}'s own answer holds nothing that ${scene.attacker.name}'s has not: create something as ${victim.name} first`
    : `nobody knows what ${victim.name}'s data looks like: export TOKEN_${name}`;
}

/** Whether each row names the tenant that it is of, and there are some. */
function saysWhose({ own, attacker: { tenantId } }: Scene): boolean {
  const rows = rowsOf(own.parsed.json) ?? [];
  return (
    rows.length > 0 && rows.every(({ value }) => leavesOf(value).some((leaf) => leaf.value === tenantId))
  );
}

/** Rows that the attacker's own answer has not. */
export function foreignTo({ own }: Pick<Scene, "own">, rows: readonly Row[]): Row[] {
  const known = new Set((rowsOf(own.parsed.json) ?? []).map(nameOf));
  return rows.filter((row) => !known.has(nameOf(row)));
}

/** A row by what no other tenant's has by chance: clocks in it may go on. */
export function nameOf(row: Row): string {
  return row.id !== undefined && isTellingId(row.id) ? row.id : identityOf(row);
}
