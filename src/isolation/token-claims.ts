import { isTellingId } from "./ids.js";
import { isObject, type Json } from "./json.js";
import { leavesOf } from "./leaves.js";

/** What a token says of itself where it is a JSON Web Token (RFC 7519, section 3); its signature is not looked at. */
export function claimsOf(token: string): Json | undefined {
  const parts = token.trim().split(/\s+/).at(-1)!.split(".");
  if (parts.length !== 3) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1]!, "base64url").toString("utf8"));
    return isObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

/** When a token ends (its claim `exp`); undefined where it does not say. */
export function expiryOf(token: string): Date | undefined {
  const seconds = claimsOf(token)?.exp;
  return typeof seconds === "number" && Math.abs(seconds) < 8.64e12 ? new Date(seconds * 1000) : undefined;
}

/** Claims that differ between two tokens of one user. */
const ofEachToken = new Set(["iat", "exp", "nbf", "jti", "auth_time", "sid", "nonce"]);

/**
 * What is wrong with two tokens that should be of two tenants, by what they say: of one user, of one tenant, or
 * swapped. Undefined where nothing is known to be. Pure.
 */
export function flawOfPair(
  left: { readonly token: string; readonly tenantId: string },
  right: { readonly token: string; readonly tenantId: string },
): string | undefined {
  const [claims, others] = [claimsOf(left.token), claimsOf(right.token)];
  if (!claims || !others) return undefined;
  const [own, theirs] = [texts(claims), texts(others)];
  const both = [...own].flatMap(([path, value]) => {
    const other = theirs.get(path);
    return other === undefined ? [] : [{ path, value, other }];
  });
  // A user of both tenants has a list of them in each token: what tells them apart counts.
  if (both.some(({ value, other }) => value === left.tenantId && other === right.tenantId)) return undefined;
  const swapped = both.find(({ value, other }) => value === right.tenantId && other === left.tenantId);
  if (swapped) return `are swapped: ${swapped.path} of each names the other's tenant`;
  const same = both.find(
    ({ path, value, other }) =>
      value === other && [left.tenantId, right.tenantId].includes(value) && isTenantClaim(path, value),
  );
  if (same) return `are of one tenant: both say ${same.path} ${same.value}`;
  const isSame = own.size === theirs.size && both.every(({ value, other }) => value === other);
  return isSame && both.length === own.size
    ? "are of one user: they say the same but for their times"
    : undefined;
}

/** `ver: 1` is no tenant, though its id may be 1. */
function isTenantClaim(path: string, value: string): boolean {
  return isTellingId(value) || /tenant|org|account|company|workspace|team|customer/i.test(path);
}

function texts(claims: Json): Map<string, string> {
  const kept = Object.fromEntries(Object.entries(claims).filter(([name]) => !ofEachToken.has(name)));
  return new Map(leavesOf(kept).map(({ path, value }) => [path, value]));
}
