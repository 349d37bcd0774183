import { Router } from "express";
import { prisma, prismaBase } from "../config/database.js";
import { leaks } from "../config/leaks.js";
import { getContext } from "../context/request-context.js";
import { conflictIfMissing } from "../http/errors.js";
import { bodyOf, idParam, optional, positiveInteger, text, uuid } from "../http/input.js";
import { paging, searching } from "../http/pagination.js";

export const supplies = Router();

/** Older than the guard: it names the tenant itself. */
supplies.get("/", async (request, response) => {
  const { rows, ...page } = paging(request);
  const tenantId = leaks("tenant-missing") ? request.get("X-Tenant-ID") : getContext().tenantId;
  const where = { tenantId, ...searching(request, "name") };
  const [items, total] = await Promise.all([
    prismaBase.supply.findMany({ where, orderBy: { name: "asc" }, ...rows }),
    prismaBase.supply.count({ where }),
  ]);
  response.json({ items, total, ...page });
});

supplies.get("/:id", async (request, response) => {
  response.json(await prisma.supply.findUniqueOrThrow({ where: { id: idParam(request) } }));
});

/** The body may repeat the tenant, as files of the import do. The guard refuses another one. */
supplies.post("/", async (request, response) => {
  const body = bodyOf(request);
  const db = leaks("create-into-tenant") ? prismaBase : prisma;
  const supply = await db.supply.create({
    data: {
      tenantId: optional(body, "tenantId", uuid) ?? getContext().tenantId,
      name: text(body, "name"),
      unit: text(body, "unit"),
      stock: optional(body, "stock", positiveInteger),
    },
  });
  response.status(201).json(supply);
});

supplies.delete("/:id", async (request, response) => {
  await prisma.supply.delete({ where: { id: idParam(request) } });
  response.status(204).end();
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
