import type { Request, RequestHandler } from "express";
import { type Claims, readToken } from "../auth/token.js";
import { prismaBase } from "../config/database.js";
import { leaks } from "../config/leaks.js";
import { runWithContext } from "../context/request-context.js";
import { crossTenantAttempt } from "../http/cross-tenant.js";
import { HttpError } from "../http/errors.js";
import { isUuid } from "../http/uuid.js";

/**
 * Finds out who is calling, for which tenant and business unit, and runs the rest of the request in that
 * context. It queries through prismaBase with explicit conditions: it must hold in every guard mode.
 */
export const authenticate: RequestHandler = async (request, response, next) => {
  const claims = claimsOf(request);
  const { sub: userId, tenantId: own } = claims;
  const tenantId = leaks("tenant-override") ? String(request.query.tenantId ?? own) : own;
  // From here on, so that what is refused is logged with its caller.
  await runWithContext({ tenantId, userId }, async () => {
    await requireActiveUser(claims);
    requireOwnTenant(request, claims);
    const unit = await businessUnitOf(request, claims);
    // What one tenant may read, no cache on the way may hand to another.
    response.set("Cache-Control", "private, no-store");
    if (!unit) return next();
    return runWithContext({ tenantId: unit.tenantId, userId, businessUnitId: unit.id }, () => next());
  });
};

function claimsOf(request: Request): Claims {
  const [scheme, token = ""] = request.get("Authorization")?.split(" ") ?? [];
  const claims = scheme === "Bearer" ? readToken(token) : undefined;
  if (!claims || !isUuid(claims.tenantId) || !isUuid(claims.sub)) throw new HttpError(401, "Sign in first");
  return claims;
}

async function requireActiveUser({ sub, tenantId }: Claims): Promise<void> {
  const where = { id: sub, tenantId, tenant: { status: "ACTIVE" } } as const;
  if (!(await prismaBase.user.findFirst({ where }))) throw new HttpError(401, "Sign in first");
}

/** The token alone decides the tenant. The header may repeat it, and must not contradict it. */
function requireOwnTenant(request: Request, { tenantId }: Claims): void {
  const header = request.get("X-Tenant-ID");
  if (header !== undefined && header !== tenantId) {
    throw crossTenantAttempt(request, "X-Tenant-ID is not your tenant");
  }
}

async function businessUnitOf(request: Request, { tenantId }: Claims) {
  const id = request.get("X-Business-Unit-ID");
  if (id === undefined) return undefined;
  const where = leaks("sub-scope") ? { id } : { id, tenantId };
  const unit = isUuid(id) && (await prismaBase.businessUnit.findFirst({ where }));
  if (!unit) throw crossTenantAttempt(request, "Business unit does not belong to your tenant");
  return unit;
}
