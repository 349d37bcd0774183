import { createHmac, timingSafeEqual } from "node:crypto";
import { environment } from "../config/environment.js";

/** Who is calling. `exp` is in seconds since 1970. */
export interface Claims {
  sub: string;
  tenantId: string;
  exp: number;
}

const LIFETIME_SECONDS = 12 * 60 * 60;

/** A compact signed token: base64url(claims).base64url(HMAC-SHA256). */
export function issueToken(userId: string, tenantId: string): string {
  const claims: Claims = { sub: userId, tenantId, exp: Math.floor(Date.now() / 1000) + LIFETIME_SECONDS };
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `${payload}.${sign(payload).toString("base64url")}`;
}

/** The claims of a token that we signed and that has not expired; otherwise nothing. */
export function readToken(token: string): Claims | undefined {
  const [payload = "", signature = ""] = token.split(".");
  if (!sameBytes(Buffer.from(signature, "base64url"), sign(payload))) return undefined;
  const claims: Claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  return claims.exp > Date.now() / 1000 ? claims : undefined;
}

const sign = (payload: string) => createHmac("sha256", environment.authSecret).update(payload).digest();

export const sameBytes = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b);
