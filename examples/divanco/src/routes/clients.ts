import { Router } from "express";
import { prisma } from "../config/database.js";
import { getContext } from "../context/request-context.js";
import { bodyOf, idParam, optional, text, uuids } from "../http/input.js";
import { matching, paging } from "../http/pagination.js";

export const clients = Router();

// taxId comes from the accounting import; no route writes it.

clients.get("/", async (request, response) => {
  const { rows, ...page } = paging(request);
  const where = matching(request, "number", "name", "email");
  const [items, total] = await Promise.all([
    prisma.client.findMany({ where, orderBy: { number: "asc" }, ...rows }),
    prisma.client.count({ where }),
  ]);
  response.json({ items, total, ...page });
});

clients.get("/:id", async (request, response) => {
  const id = idParam(request);
  response.json(await prisma.client.findUniqueOrThrow({ where: { id }, include: { businessUnits: true } }));
});

clients.post("/", async (request, response) => {
  const body = bodyOf(request);
  const { tenantId } = getContext();
  const businessUnits = uuids(body, "businessUnitIds").map((businessUnitId) => ({
    tenantId,
    businessUnitId,
  }));
  const client = await prisma.client.create({
    data: {
      tenantId,
      number: text(body, "number"),
      name: text(body, "name"),
      email: text(body, "email"),
      businessUnits: { create: businessUnits },
    },
    include: { businessUnits: true },
  });
  response.status(201).json(client);
});

clients.patch("/:id", async (request, response) => {
  const id = idParam(request);
  const body = bodyOf(request);
  const client = await prisma.client.update({
    where: { id },
    data: {
      number: optional(body, "number", text),
      name: optional(body, "name", text),
      email: optional(body, "email", text),
    },
  });
  response.json(client);
});

clients.delete("/:id", async (request, response) => {
  await prisma.client.delete({ where: { id: idParam(request) } });
  response.status(204).end();
});
