import { randomBytes } from "node:crypto";

/** A word that no database holds by chance: 12 letters and digits, 60 random bits of them. */
export function newCanary(): string {
  const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  return `tc${[...randomBytes(12)].map((byte) => alphabet[byte % 32]).join("")}`;
}
