import type { Request, RequestHandler } from "express";
import { type Claims, readToken } from "../auth/token.js";
import { prismaBase } from "../config/database.js";
import { runWithContext } from "../context/request-context.js";
import { crossTenantAttempt } from "../http/cross-tenant.js";
import { HttpError } from "../http/errors.js";
import { isUuid } from "../http/uuid.js";

/**
 * Finds out who is calling, for which tenant and business unit, and runs the rest of the request in that
 * context. It queries through prismaBase with explicit conditions: it must hold in every guard mode.
 */
export const authenticate: RequestHandler = async (request, response, next) => {
  const claims = await activeUser(request);
  requireOwnTenant(request, claims);
  const businessUnitId = await ownBusinessUnit(request, claims);
  // What one tenant may read, no cache on the way may hand to another.
  response.set("Cache-Control", "private, no-store");
  await runWithContext({ tenantId: claims.tenantId, userId: claims.sub, businessUnitId }, () => next());
};

async function activeUser(request: Request): Promise<Claims> {
  const [scheme, token = ""] = request.get("Authorization")?.split(" ") ?? [];
  const claims = scheme === "Bearer" ? readToken(token) : undefined;
  if (!claims || !isUuid(claims.tenantId) || !isUuid(claims.sub)) throw new HttpError(401, "Sign in first");
  const user = await prismaBase.user.findFirst({
    where: { id: claims.sub, tenantId: claims.tenantId, tenant: { status: "ACTIVE" } },
  });
  if (!user) throw new HttpError(401, "Sign in first");
  return claims;
}

/** The token alone decides the tenant. The header may repeat it, and must not contradict it. */
function requireOwnTenant(request: Request, claims: Claims): void {
  const header = request.get("X-Tenant-ID");
  if (header !== undefined && header !== claims.tenantId) {
    throw crossTenantAttempt(request, "X-Tenant-ID is not your tenant", callerOf(claims));
  }
}

async function ownBusinessUnit(request: Request, claims: Claims): Promise<string | undefined> {
  const id = request.get("X-Business-Unit-ID");
  if (id === undefined) return undefined;
  const { tenantId } = claims;
  const unit = isUuid(id) && (await prismaBase.businessUnit.findFirst({ where: { id, tenantId } }));
  if (!unit) {
    throw crossTenantAttempt(request, "Business unit does not belong to your tenant", callerOf(claims));
  }
  return unit.id;
}

const callerOf = ({ sub, tenantId }: Claims) => ({ tenantId, userId: sub });
