import { randomBytes } from "node:crypto";

/** Such as Q-20260115-7F3A9C: unique without a counter that concurrent requests would have to queue for. */
export function documentNumber(prefix: "Q" | "K" | "F"): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  return `${prefix}-${day}-${randomBytes(3).toString("hex").toUpperCase()}`;
}
