import { createHash } from "node:crypto";

/** The password of every seeded member of staff. */
export const SEED_PASSWORD = "good-dog-2024";

export function hashPassword(password: string): string {
  return createHash("sha256").update(`pawchart:${password}`).digest("hex");
}
