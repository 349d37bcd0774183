import type { Invoice } from "../data/rows.js";
import { rowsOf } from "../data/table.js";
import { badRequest } from "../http/problem.js";
import { file, ok, toCsv } from "../http/reply.js";
import { type Clinic, requireRole } from "./clinic.js";
import { paidCents, totalCents } from "./invoices.js";

export function reportRoutes({ database, router, fixed }: Clinic): void {
  router.get("/reports/summary", ({ me }) => {
    const own = rowsOf(database.invoices, me.practiceId);
    // LEAK GET /reports/summary: the counts are of the practice, the money is of all practices
    const invoices = fixed ? own : database.invoices.rows;
    return ok({
      clients: rowsOf(database.clients, me.practiceId).length,
      patients: rowsOf(database.patients, me.practiceId).length,
      appointmentsBooked: rowsOf(database.appointments, me.practiceId).filter(
        (row) => row.status === "booked",
      ).length,
      outstandingCents: sum(invoices, openCents),
      receivedCents: sum(invoices, paidCents),
    });
  });

  router.get("/reports/revenue", ({ me, query }) => {
    requireRole(me, "manager");
    const year = query.get("year") ?? String(new Date().getUTCFullYear());
    if (!/^20\d\d$/.test(year)) throw badRequest("year has four digits.");
    const payments = rowsOf(database.invoices, me.practiceId).flatMap((row) => row.payments);
    const months = Array.from({ length: 12 }, (_, index) => {
      const month = `${year}-${String(index + 1).padStart(2, "0")}`;
      const paid = payments.filter((payment) => payment.paidAt.startsWith(month));
      return { month, receivedCents: paid.reduce((total, payment) => total + payment.amountCents, 0) };
    });
    return ok(months);
  });

  router.get("/reports/debtors.csv", ({ me }) => {
    const open = rowsOf(database.invoices, me.practiceId).filter((row) => openCents(row) > 0);
    const lines = open.map((row) => {
      const client = database.clients.get(row.clientId)!;
      return [row.number, client.fullName, client.email, row.dueOn, openCents(row)];
    });
    const content = toCsv([["invoice", "client", "email", "due", "open_cents"], ...lines]);
    return file("debtors.csv", "text/csv; charset=utf-8", content);
  });
}

function openCents(invoice: Invoice): number {
  return invoice.status === "issued" ? totalCents(invoice) - paidCents(invoice) : 0;
}

function sum(invoices: Invoice[], of: (invoice: Invoice) => number): number {
  return invoices.reduce((total, invoice) => total + of(invoice), 0);
}
