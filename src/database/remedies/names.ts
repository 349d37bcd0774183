import { storedName } from "../application.js";
import type { CatalogTable } from "../catalog/types.js";

/** `<table>_<columns>_<suffix>`, cut as Prisma cuts it: the table's part gives way, the suffix stays. */
export function defaultName(table: string, columns: readonly string[], suffix: string): string {
  const whole = `${table}_${columns.join("_")}_${suffix}`;
  if (storedName(whole) === whole) return whole;
  const room = Buffer.byteLength(storedName(whole)) - Buffer.byteLength(`_${suffix}`);
  return `${cutBytes(whole, room)}_${suffix}`;
}

function cutBytes(text: string, bytes: number): string {
  const characters = [...text];
  while (Buffer.byteLength(characters.join("")) > bytes) characters.pop();
  return characters.join("");
}

/** The name, or the same with a number where it is taken. */
export function freeName(name: string, isTaken: (candidate: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? "" : `_${number}`;
    const candidate = `${cutBytes(name, 63 - suffix.length)}${suffix}`;
    if (!isTaken(candidate)) return candidate;
  }
}

/** The name for a constraint of a table, or the same with a number where one of its constraints bears it. */
export function freeConstraintName({ constraintNames }: CatalogTable, name: string): string {
  return freeName(name, (candidate) => constraintNames.includes(candidate));
}
