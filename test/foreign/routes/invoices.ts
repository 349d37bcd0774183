import * as v from "valibot";
import type { Database } from "../data/database.js";
import { type Invoice, PAYMENT_METHODS } from "../data/rows.js";
import { anyRow, change, ownRow, rowsOf, stampNow } from "../data/table.js";
import { cursorPage, day, queryWord, readBody, text, uuid, wholeNumber } from "../http/input.js";
import { conflict, invalid } from "../http/problem.js";
import { created, ok } from "../http/reply.js";
import { type Clinic, requireRole } from "./clinic.js";

const Lines = v.pipe(
  v.array(
    v.object({
      description: text(120),
      quantity: wholeNumber(1, 1000),
      unitCents: wholeNumber(0, 10_000_000),
    }),
  ),
  v.minLength(1),
  v.maxLength(50),
);
const NewInvoice = v.object({ clientId: uuid, dueOn: day, lines: Lines });
const DraftInvoice = v.object({ dueOn: day, lines: Lines });
const NewPayment = v.object({
  amountCents: wholeNumber(1, 10_000_000),
  method: v.picklist(PAYMENT_METHODS),
});

export function totalCents(invoice: Invoice): number {
  return invoice.lines.reduce((sum, line) => sum + line.quantity * line.unitCents, 0);
}

export function paidCents(invoice: Invoice): number {
  return invoice.payments.reduce((sum, payment) => sum + payment.amountCents, 0);
}

export function invoiceRoutes({ database, router, fixed }: Clinic): void {
  router.get("/invoices", ({ me, query }) => {
    const status = queryWord(query, "status", ["draft", "issued", "paid", "void"]);
    const found = rowsOf(database.invoices, me.practiceId).filter(
      (row) => status === undefined || row.status === status,
    );
    const { rows, page } = cursorPage(found, (row) => row.number, query);
    return ok(rows.map(present), page);
  });

  router.post("/invoices", ({ me, body }) => {
    const fields = readBody(NewInvoice, body);
    if (!rowsOf(database.clients, me.practiceId).some((row) => row.id === fields.clientId))
      throw invalid("clientId", "no such client");
    const invoice = database.invoices.insert({
      number: nextInvoiceNumber(database),
      practiceId: me.practiceId,
      ...fields,
      status: "draft",
      payments: [],
      ...stampNow(),
    });
    return created(`/invoices/${invoice.number}`, present(invoice));
  });

  router.get("/invoices/{number}", ({ me, params }) =>
    ok(present(ownRow(database.invoices, params.number!, me))),
  );

  router.put("/invoices/{number}", ({ me, params, body }) => {
    const invoice = ownRow(database.invoices, params.number!, me);
    const fields = readBody(DraftInvoice, body);
    if (invoice.status !== "draft") throw conflict("Only a draft can be changed.");
    return ok(present(change(invoice, fields)));
  });

  router.post("/invoices/{number}/issue", ({ me, params }) => {
    const invoice = ownRow(database.invoices, params.number!, me);
    if (invoice.status !== "draft") throw conflict("Only a draft can be issued.");
    return ok(present(change(invoice, { status: "issued" })));
  });

  router.post("/invoices/{number}/payments", ({ me, params, body }) => {
    const invoice = ownRow(database.invoices, params.number!, me);
    const fields = readBody(NewPayment, body);
    if (invoice.status !== "issued") throw conflict("Only an issued invoice can be paid.");
    const open = totalCents(invoice) - paidCents(invoice);
    if (fields.amountCents > open) throw invalid("amountCents", `at most ${open}, the open amount`);
    const payment = { id: invoice.payments.length + 1, ...fields, paidAt: new Date().toISOString() };
    const status = fields.amountCents === open ? "paid" : "issued";
    change(invoice, { payments: [...invoice.payments, payment], status });
    return created(`/invoices/${invoice.number}`, present(invoice));
  });

  router.post("/invoices/{number}/void", ({ me, params }) => {
    requireRole(me, "manager");
    const { number } = params;
    // LEAK POST /invoices/{number}/void: it takes a manager, of any practice
    const invoice = fixed ? ownRow(database.invoices, number!, me) : anyRow(database.invoices, number!);
    if (invoice.status === "void" || invoice.payments.length > 0)
      throw conflict("A paid or voided invoice cannot be voided.");
    return ok(present(change(invoice, { status: "void" })));
  });
}

function nextInvoiceNumber(database: Database): string {
  const last = Math.max(...database.invoices.rows.map((row) => Number(row.number.slice("INV-".length))));
  return `INV-${last + 1}`;
}

function present(invoice: Invoice) {
  const { practiceId, deletedAt, ...fields } = invoice;
  return { ...fields, totalCents: totalCents(invoice), paidCents: paidCents(invoice) };
}
