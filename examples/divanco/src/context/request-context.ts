import { AsyncLocalStorage } from "node:async_hooks";
import { leaks } from "../config/leaks.js";
import { isUuid } from "../http/uuid.js";
import { SharedStorage } from "./shared-storage.js";

/** On whose behalf the code runs. `userId` is a person, or the name of a job such as "system". */
export interface RequestContext {
  tenantId: string;
  userId: string;
  businessUnitId?: string;
}

export class TenantContextError extends Error {
  override name = "TenantContextError";
}

const storage = new (leaks("context-bleed") ? SharedStorage : AsyncLocalStorage)<RequestContext>();

/**
 * Runs `work` for one tenant. A Prisma query starts when it is awaited, not when it is written, so
 * the await is in here: otherwise `runWithContext(context, () => prisma.asset.findMany())` would run outside.
 */
export function runWithContext<T>(context: RequestContext, work: () => T | Promise<T>): Promise<T> {
  // Prisma drops a filter that is undefined: an empty tenant would mean every tenant.
  if (!isUuid(context.tenantId)) throw new TenantContextError(`"${context.tenantId}" is no tenant id`);
  return storage.run(context, async () => await work());
}

export function hasRequestContext(): boolean {
  return storage.getStore() !== undefined;
}

export function getContext(): RequestContext {
  const context = storage.getStore();
  if (!context) throw new TenantContextError("No tenant context: wrap the call in runWithContext()");
  return context;
}
