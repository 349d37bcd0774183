import { createHmac } from "node:crypto";
import { environment } from "../config/environment.js";
import { sameBytes } from "./token.js";

const LIFETIME_SECONDS = 5 * 60;

/** The query string of a link to an export, good for five minutes. It names the tenant only in the signature. */
export function signDownload(exportId: string, tenantId: string): string {
  const expires = String(Math.floor(Date.now() / 1000) + LIFETIME_SECONDS);
  return new URLSearchParams({ expires, signature: sign(exportId, tenantId, expires) }).toString();
}

/** Whether a link was made for this export and tenant, and still holds. */
export function isSignedDownload(
  exportId: string,
  tenantId: string,
  expires: string,
  signature: string,
): boolean {
  const expected = sign(exportId, tenantId, expires);
  return sameBytes(Buffer.from(signature), Buffer.from(expected)) && Number(expires) > Date.now() / 1000;
}

const sign = (exportId: string, tenantId: string, expires: string) =>
  createHmac("sha256", environment.authSecret)
    .update(`download:${tenantId}:${exportId}:${expires}`)
    .digest("base64url");
