import type { RequestHandler } from "express";
import { prismaBase } from "../config/database.js";
import { runWithContext } from "../context/request-context.js";
import { HttpError } from "../http/errors.js";
import { isUuid } from "../http/uuid.js";

/** For callers without a token, such as webhooks: the header says which tenant the call is about. */
export const validateTenantHeader: RequestHandler = async (request, _response, next) => {
  const tenantId = request.get("X-Tenant-ID");
  if (!tenantId) throw new HttpError(400, "X-Tenant-ID header required");
  const where = { id: tenantId, status: "ACTIVE" } as const;
  const tenant = isUuid(tenantId) && (await prismaBase.tenant.findUnique({ where }));
  if (!tenant) throw new HttpError(404, "No such tenant");
  next();
};

/** Runs the rest of the request for the tenant in the header, if there is one. Never without a check before it. */
export const optionalContextInjector: RequestHandler = async (request, _response, next) => {
  const tenantId = request.get("X-Tenant-ID");
  if (!tenantId) return next();
  await runWithContext({ tenantId, userId: "webhook" }, () => next());
};
