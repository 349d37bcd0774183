import { getContext, hasRequestContext, TenantContextError } from "../context/request-context.js";
import { Prisma, type PrismaClient } from "../generated/prisma/client.js";
import type { Reference } from "../guard/call.js";
import { UnguardedQueryError } from "../guard/errors.js";
import { guardArguments } from "../guard/operations.js";
import { verifyReferences } from "../guard/references.js";
import { log } from "../log.js";
import { tenantContextErrors } from "../metrics.js";
import type { GuardMode } from "./environment.js";
import { REGISTERED_MODELS } from "./tenant-model-registry.js";

/**
 * The tenant guard: every query on the extended client is rewritten to the tenant of the request context.
 *
 * - strict: a query without a context throws
 * - warn: a query without a context is logged and runs as it is; within a context nothing changes
 * - off: no query is looked at
 *
 * A model that no list names is let through; validateModelRegistration() has named it at startup.
 */
export function tenantGuard(mode: GuardMode, base: PrismaClient) {
  /** In warn mode it returns, in strict mode it throws. */
  function withoutContext(query: string): void {
    tenantContextErrors.increment();
    const error = new TenantContextError(`Cannot access model without tenant context: ${query}`);
    if (mode === "strict") throw error;
    log.warn("Context missing but allowing", { error: error.name, query });
  }

  function refuseRaw<Args, Result>(call: {
    operation: string;
    args: Args;
    query: (args: Args) => Promise<Result>;
  }) {
    if (mode === "strict") throw new UnguardedQueryError(`${call.operation} can't be scoped: use prismaBase`);
    if (mode === "warn") log.warn("Raw query is not scoped but allowing", { query: call.operation });
    return call.query(call.args);
  }

  return Prisma.defineExtension({
    name: "tenant-guard",
    query: {
      $allModels: {
        async $allOperations({ model, operation, args, query }) {
          if (mode === "off" || !REGISTERED_MODELS.includes(model)) return query(args);
          if (!hasRequestContext()) {
            withoutContext(`${model}.${operation}`);
            return query(args);
          }
          const context = getContext();
          const references: Reference[] = [];
          const scoped = guardArguments(args ?? {}, { model, operation, context, references });
          await verifyReferences(base, references, context);
          return query(scoped as typeof args);
        },
      },
      $queryRaw: refuseRaw,
      $queryRawUnsafe: refuseRaw,
      $executeRaw: refuseRaw,
      $executeRawUnsafe: refuseRaw,
    },
  });
}
