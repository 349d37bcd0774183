import { prisma } from "../config/database.js";
import { getContext } from "../context/request-context.js";
import { isUuid } from "../http/uuid.js";

/** A line of the audit trail: who did what to which row. Jobs are not users, so they have no userId. */
export function audit(action: string, subject: string) {
  const { tenantId, userId } = getContext();
  return prisma.auditLog.create({
    data: { tenantId, userId: isUuid(userId) ? userId : null, action, subject },
  });
}
