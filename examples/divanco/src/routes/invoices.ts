import { Router } from "express";
import { prisma } from "../config/database.js";
import { bodyOf, idParam, uuid } from "../http/input.js";
import { matching, paging } from "../http/pagination.js";
import { documentNumber } from "../services/document-number.js";

export const invoices = Router();

invoices.get("/", async (request, response) => {
  const { rows, ...page } = paging(request);
  const where = matching(request, "number");
  const [items, total] = await Promise.all([
    prisma.invoice.findMany({ where, orderBy: { number: "asc" }, ...rows }),
    prisma.invoice.count({ where }),
  ]);
  response.json({ items, total, ...page });
});

invoices.get("/:id", async (request, response) => {
  const id = idParam(request);
  response.json(await prisma.invoice.findUniqueOrThrow({ where: { id }, include: { lines: true } }));
});

/** Bills a contract: one line for each item of its quotation. */
invoices.post("/", async (request, response) => {
  const contractId = uuid(bodyOf(request), "contractId");
  const contract = await prisma.contract.findUniqueOrThrow({ where: { id: contractId } });
  const items = await prisma.quotationItem.findMany({ where: { quotationId: contract.quotationId } });
  const invoice = await prisma.invoice.create({
    data: {
      tenantId: contract.tenantId,
      clientId: contract.clientId,
      contractId,
      number: documentNumber("F"),
      total: contract.total,
      lines: {
        create: items.map(({ description, quantity, unitPrice }) => ({ description, quantity, unitPrice })),
      },
    },
    include: { lines: true },
  });
  response.status(201).json(invoice);
});
