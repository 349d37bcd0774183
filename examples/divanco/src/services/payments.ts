import { prisma } from "../config/database.js";
import { Prisma } from "../generated/prisma/client.js";
import { HttpError } from "../http/errors.js";
import { audit } from "./audit.js";

export interface NewPayment {
  invoiceId: string;
  amount: string;
  method: "TRANSFER" | "CARD";
  reference?: string | undefined;
}

/** Books a payment, and closes the invoice once it is paid in full. `alongside` is written with it or not at all. */
export async function bookPayment(payment: NewPayment, alongside: Prisma.PrismaPromise<unknown>[] = []) {
  const { invoiceId } = payment;
  const invoice = await prisma.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
  const { _sum } = await prisma.payment.aggregate({ where: { invoiceId }, _sum: { amount: true } });
  const open = invoice.total.sub(_sum.amount ?? 0);
  const left = open.sub(new Prisma.Decimal(payment.amount));
  if (left.isNegative()) throw new HttpError(409, `Only ${open} is still open on this invoice`);

  const status = left.isZero() ? "PAID" : "ISSUED";
  const [booked] = await prisma.$transaction([
    prisma.payment.create({ data: { tenantId: invoice.tenantId, ...payment } }),
    prisma.invoice.update({ where: { id: invoiceId }, data: { status } }),
    audit("payment.booked", invoiceId),
    ...alongside,
  ]);
  return booked;
}
