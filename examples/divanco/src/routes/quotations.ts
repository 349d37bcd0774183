import { Router } from "express";
import { prisma } from "../config/database.js";
import { getContext } from "../context/request-context.js";
import { Prisma } from "../generated/prisma/client.js";
import { conflictIfMissing } from "../http/errors.js";
import { type Body, bodyOf, idParam, money, objects, positiveInteger, text, uuid } from "../http/input.js";
import { matching, paging } from "../http/pagination.js";
import { audit } from "../services/audit.js";
import { documentNumber } from "../services/document-number.js";

export const quotations = Router();

quotations.get("/", async (request, response) => {
  const { rows, ...page } = paging(request);
  const where = matching(request, "number");
  const [items, total] = await Promise.all([
    prisma.quotation.findMany({ where, orderBy: { number: "asc" }, ...rows }),
    prisma.quotation.count({ where }),
  ]);
  response.json({ items, total, ...page });
});

quotations.get("/:id", async (request, response) => {
  const id = idParam(request);
  response.json(await prisma.quotation.findUniqueOrThrow({ where: { id }, include: { items: true } }));
});

quotations.post("/", async (request, response) => {
  const body = bodyOf(request);
  const items = objects(body, "items").map(readItem);
  const quotation = await prisma.quotation.create({
    data: {
      tenantId: getContext().tenantId,
      businessUnitId: uuid(body, "businessUnitId"),
      clientId: uuid(body, "clientId"),
      number: documentNumber("Q"),
      total: Prisma.Decimal.sum(...items.map((item) => item.unitPrice.mul(item.quantity))),
      items: { create: items },
    },
    include: { items: true },
  });
  response.status(201).json(quotation);
});

quotations.post("/:id/approve", async (request, response) => {
  const id = idParam(request);
  await prisma.quotation.findUniqueOrThrow({ where: { id } });
  const [quotation] = await prisma
    .$transaction([
      prisma.quotation.update({ where: { id, status: "DRAFT" }, data: { status: "APPROVED" } }),
      audit("quotation.approved", id),
    ])
    .catch(conflictIfMissing("Only a draft can be approved"));
  response.json(quotation);
});

quotations.post("/:id/convert", async (request, response) => {
  const id = idParam(request);
  const { tenantId, clientId, total } = await prisma.quotation.findUniqueOrThrow({ where: { id } });
  const [, contract] = await prisma
    .$transaction([
      prisma.quotation.update({ where: { id, status: "APPROVED" }, data: { status: "CONVERTED" } }),
      prisma.contract.create({
        data: { tenantId, clientId, total, quotationId: id, number: documentNumber("K") },
      }),
      audit("quotation.converted", id),
    ])
    .catch(conflictIfMissing("Only an approved quotation can become a contract"));
  response.status(201).json(contract);
});

const readItem = (item: Body) => ({
  description: text(item, "description"),
  quantity: positiveInteger(item, "quantity"),
  unitPrice: new Prisma.Decimal(money(item, "unitPrice")),
});
