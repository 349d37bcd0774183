import { randomBytes, randomInt, randomUUID } from "node:crypto";

/** An id of the same kind as another one, that nothing bears. */
export function randomLike(id: string): string {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(id)) return randomUUID();
  if (/^\d+$/.test(id)) return String(randomInt(1_900_000_000, 2_100_000_000));
  if (/^[0-9a-f]{24}$/i.test(id)) return randomBytes(12).toString("hex");
  const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  return [...id].map((character) => (/[\w]/.test(character) ? alphabet[randomInt(36)] : character)).join("");
}

/** An id that no two tenants have by chance. */
export function isTellingId(id: string): boolean {
  return id.length >= 8 && !/^\d+$/.test(id);
}

/** An id that may count per tenant, so that both have an object of that number. */
export function mayCountPerTenant(id: string): boolean {
  return /^\d{1,9}$/.test(id);
}
