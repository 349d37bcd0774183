import { Router } from "express";
import { prisma, prismaBase } from "../config/database.js";
import { leaks } from "../config/leaks.js";
import { getContext } from "../context/request-context.js";
import { type Body, bodyOf, idParam, money, oneOf, optional, text, uuid, uuids } from "../http/input.js";
import { matching, paging } from "../http/pagination.js";
import { audit } from "../services/audit.js";
import { publish } from "../services/events.js";

export const assets = Router();

const PURCHASE_PRICE_DIGITS = 10;

assets.get("/", async (request, response) => {
  const { rows, ...page } = paging(request);
  const where = matching(request, "code", "name", "serialNumber");
  const [items, total] = await Promise.all([
    prisma.asset.findMany({ where, orderBy: { code: "asc" }, include: { tags: true }, ...rows }),
    prisma.asset.count({ where }),
  ]);
  response.json({ items, total, ...page });
});

assets.get("/:id", async (request, response) => {
  const id = idParam(request);
  const db = leaks("read-by-id") ? prismaBase : prisma;
  response.json(await db.asset.findUniqueOrThrow({ where: { id }, include: { tags: true } }));
});

assets.post("/", async (request, response) => {
  const body = bodyOf(request);
  const asset = await prisma.asset.create({
    data: {
      tenantId: getContext().tenantId,
      code: text(body, "code"),
      name: text(body, "name"),
      businessUnitId: uuid(body, "businessUnitId"),
      dailyRate: money(body, "dailyRate"),
      serialNumber: optional(body, "serialNumber", text),
      purchasePrice: optional(body, "purchasePrice", purchasePrice),
      tags: { connect: uuids(body, "tagIds").map((id) => ({ id })) },
    },
    include: { tags: true },
  });
  await audit("asset.created", asset.id);
  publish("asset.created", asset);
  response.status(201).json(asset);
});

/** Reads, archives or deletes several assets at once, and answers with those it found. */
assets.post("/bulk", async (request, response) => {
  const body = bodyOf(request);
  const action = oneOf(body, "action", ["read", "archive", "delete"]);
  const where = { id: { in: uuids(body, "ids") } };
  const db = leaks("bulk") ? prismaBase : prisma;
  const items = await db.asset.findMany({ where, orderBy: { code: "asc" }, include: { tags: true } });
  if (action === "archive") await db.asset.updateMany({ where, data: { status: "RETIRED" } });
  if (action === "delete") await db.asset.deleteMany({ where });
  response.json({ action, count: items.length, items });
});

assets.patch("/:id", async (request, response) => {
  const id = idParam(request);
  const body = bodyOf(request);
  const asset = await prisma.asset.update({
    where: { id },
    data: {
      code: optional(body, "code", text),
      name: optional(body, "name", text),
      businessUnitId: optional(body, "businessUnitId", uuid),
      dailyRate: optional(body, "dailyRate", money),
      serialNumber: optional(body, "serialNumber", text),
      purchasePrice: optional(body, "purchasePrice", purchasePrice),
      tags: body.tagIds === undefined ? undefined : { set: uuids(body, "tagIds").map((id) => ({ id })) },
    },
    include: { tags: true },
  });
  await audit("asset.changed", id);
  publish("asset.changed", asset);
  response.json(asset);
});

assets.delete("/:id", async (request, response) => {
  const id = idParam(request);
  await prisma.$transaction([prisma.asset.delete({ where: { id } }), audit("asset.deleted", id)]);
  response.status(204).end();
});

const purchasePrice = (body: Body, name: string) => money(body, name, PURCHASE_PRICE_DIGITS);
