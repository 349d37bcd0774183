import type { Request } from "express";
import { getContext, hasRequestContext } from "../context/request-context.js";
import { log } from "../log.js";
import { crossTenantAttempts } from "../metrics.js";
import { HttpError } from "./errors.js";

/** Counts and logs that somebody named a tenant or business unit that is not theirs, and refuses it. */
export function crossTenantAttempt(request: Request, message: string): HttpError {
  const caller = hasRequestContext() ? getContext() : undefined;
  crossTenantAttempts.increment();
  log.warn(message, {
    event: "cross_tenant_attempt",
    ...placeOf(request),
    ip: request.ip,
    tenantId: caller?.tenantId,
    userId: caller?.userId,
  });
  return new HttpError(403, message);
}

/** Without the query string: it can hold what a customer typed. */
export function placeOf({ method, baseUrl, path }: Request) {
  return { method, path: baseUrl + path };
}
