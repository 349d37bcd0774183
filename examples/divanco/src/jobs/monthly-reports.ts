import { prisma, prismaBase } from "../config/database.js";
import { getContext, runWithContext } from "../context/request-context.js";
import { log } from "../log.js";
import { audit } from "../services/audit.js";

const HOUR = 60 * 60 * 1000;

/** Writes the report of one month ("2025-12") for every active tenant that does not have it yet. */
export async function runMonthlyReports(month = lastMonth()) {
  const tenants = await prismaBase.tenant.findMany({ where: { status: "ACTIVE" } });
  const result = { month, written: 0, skipped: 0, failed: 0 };
  for (const tenant of tenants) {
    try {
      const context = { tenantId: tenant.id, userId: "system" };
      result[await runWithContext(context, () => reportOn(month))] += 1;
    } catch (error) {
      // One tenant's trouble is not the next tenant's.
      result.failed += 1;
      log.error("Monthly report failed", { tenantId: tenant.id, month, error: String(error) });
    }
  }
  log.info("Monthly reports done", result);
  return result;
}

/** Runs in the context of one tenant. The audit trail remembers which months are done. */
async function reportOn(month: string): Promise<"written" | "skipped"> {
  const { tenantId } = getContext();
  const isDone = await prisma.auditLog.findFirst({
    where: { tenantId, action: "report.monthly", subject: month },
  });
  if (isDone) return "skipped";
  const from = new Date(`${month}-01T00:00:00Z`);
  const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1));
  const [rentals, invoices] = await Promise.all([
    prisma.rental.count({ where: { tenantId, rentedAt: { gte: from, lt: to } } }),
    prisma.invoice.aggregate({
      where: { tenantId, issuedAt: { gte: from, lt: to } },
      _count: true,
      _sum: { total: true },
    }),
  ]);
  await audit("report.monthly", month);
  const figures = { rentals, invoices: invoices._count, invoiced: invoices._sum.total ?? 0 };
  log.info("Monthly report", { tenantId, month, ...figures });
  return "written";
}

/** Looks every hour whether a report is missing, so that a restart at the turn of the month loses none. */
export function scheduleMonthlyReports(): NodeJS.Timeout {
  const run = () =>
    runMonthlyReports().catch((error) => log.error("Monthly reports failed", { error: String(error) }));
  return setInterval(run, HOUR).unref();
}

function lastMonth(): string {
  const today = new Date();
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1)).toISOString().slice(0, 7);
}
