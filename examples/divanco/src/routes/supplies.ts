import { Router } from "express";
import { prisma } from "../config/database.js";
import { getContext } from "../context/request-context.js";
import { conflictIfMissing } from "../http/errors.js";
import { bodyOf, idParam, optional, positiveInteger, uuid } from "../http/input.js";
import { matching, paging } from "../http/pagination.js";

export const supplies = Router();

supplies.get("/", async (request, response) => {
  const { rows, ...page } = paging(request);
  const where = matching(request, "name");
  const [items, total] = await Promise.all([
    prisma.supply.findMany({ where, orderBy: { name: "asc" }, ...rows }),
    prisma.supply.count({ where }),
  ]);
  response.json({ items, total, ...page });
});

/** Takes supplies out of stock. This code is older than the guard and checks every id itself. */
supplies.post("/:id/usages", async (request, response) => {
  const id = idParam(request);
  const body = bodyOf(request);
  const context = getContext();
  const { tenantId } = context;
  const quantity = positiveInteger(body, "quantity");
  const businessUnitId = optional(body, "businessUnitId", uuid) ?? context.businessUnitId;

  await prisma.supply.findUniqueOrThrow({ where: { id, tenantId } });
  if (businessUnitId)
    await prisma.businessUnit.findUniqueOrThrow({ where: { id: businessUnitId, tenantId } });
  const [, usage] = await prisma
    .$transaction([
      prisma.supply.update({
        where: { id, tenantId, stock: { gte: quantity } },
        data: { stock: { decrement: quantity } },
      }),
      prisma.supplyUsage.create({ data: { tenantId, supplyId: id, businessUnitId, quantity } }),
    ])
    .catch(conflictIfMissing("Not enough in stock"));
  response.status(201).json(usage);
});
