import { Router } from "express";
import { prisma } from "../config/database.js";
import { bodyOf, money, oneOf, optional, text, uuid } from "../http/input.js";
import { matching, paging } from "../http/pagination.js";
import { bookPayment } from "../services/payments.js";

export const payments = Router();

payments.get("/", async (request, response) => {
  const { rows, ...page } = paging(request);
  const where = matching(request, "reference");
  const [items, total] = await Promise.all([
    prisma.payment.findMany({ where, orderBy: { paidAt: "desc" }, ...rows }),
    prisma.payment.count({ where }),
  ]);
  response.json({ items, total, ...page });
});

payments.post("/", async (request, response) => {
  const body = bodyOf(request);
  const payment = await bookPayment({
    invoiceId: uuid(body, "invoiceId"),
    amount: money(body, "amount"),
    method: oneOf(body, "method", ["TRANSFER", "CARD"]),
    reference: optional(body, "reference", text),
  });
  response.status(201).json(payment);
});
