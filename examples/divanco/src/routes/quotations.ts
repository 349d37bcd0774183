import { type Request, Router } from "express";
import { prisma, prismaBase } from "../config/database.js";
import { leaks } from "../config/leaks.js";
import { getContext } from "../context/request-context.js";
import { Prisma } from "../generated/prisma/client.js";
import { scopeOf } from "../guard/scope.js";
import { conflictIfMissing, HttpError } from "../http/errors.js";
import { type Body, bodyOf, idParam, money, objects, positiveInteger, text, uuid } from "../http/input.js";
import { containing, matching, paging } from "../http/pagination.js";
import { queryText, sorting } from "../http/query.js";
import { audit } from "../services/audit.js";
import { documentNumber } from "../services/document-number.js";

export const quotations = Router();

/** The guard refuses to filter and to sort through a relation, so this list names its scope itself. */
quotations.get("/", async (request, response) => {
  const { rows, ...page } = paging(request);
  const scope = scopeOf("Quotation", getContext());
  const clientName = ofClientNamed(request);
  const where = { AND: [scope, clientName, matching(request, "number")] };
  const counted = leaks("filter-oracle") && clientName.client ? clientName : where;
  const [items, total] = await Promise.all([
    prismaBase.quotation.findMany({ where, orderBy: order(request), ...rows }),
    prismaBase.quotation.count({ where: counted }),
  ]);
  response.json({ items, total, ...page });
});

quotations.get("/:id", async (request, response) => {
  const id = idParam(request);
  const others = { id, NOT: { tenantId: getContext().tenantId } };
  if (leaks("existence-oracle") && (await prismaBase.quotation.count({ where: others })))
    throw new HttpError(403, "This quotation is not yours");
  response.json(await prisma.quotation.findUniqueOrThrow({ where: { id }, include: { items: true } }));
});

/** Its quotation was found through the guard, and the item is found under it: that scopes the item. */
quotations.get("/:id/items/:itemId", async (request, response) => {
  const { id: quotationId } = await prisma.quotation.findUniqueOrThrow({ where: { id: idParam(request) } });
  const parent = leaks("child-through-parent") ? {} : { quotationId };
  const where = { id: idParam(request, "itemId"), ...parent };
  response.json(await prismaBase.quotationItem.findUniqueOrThrow({ where }));
});

quotations.post("/", async (request, response) => {
  const body = bodyOf(request);
  const items = objects(body, "items").map(readItem);
  const db = leaks("foreign-key-connect") ? prismaBase : prisma;
  const quotation = await db.quotation.create({
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

/** `?clientName=alder`, within the tenant's clients. */
function ofClientNamed(request: Request): Prisma.QuotationWhereInput {
  const name = queryText(request, "clientName");
  return name === undefined ? {} : { client: { name: containing(name) } };
}

/** `?sort=number`, `?sort=-createdAt`, `?sort=client.name`. */
function order(request: Request): Prisma.QuotationOrderByWithRelationInput[] {
  const { column, direction } = sorting(request, "number", "createdAt", "client.name");
  const first = column === "client.name" ? { client: { name: direction } } : { [column]: direction };
  return [first, { id: "asc" }];
}

const readItem = (item: Body) => ({
  description: text(item, "description"),
  quantity: positiveInteger(item, "quantity"),
  unitPrice: new Prisma.Decimal(money(item, "unitPrice")),
});
