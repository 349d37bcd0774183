import { Router } from "express";
import { prisma, prismaBase } from "../config/database.js";
import { leaks } from "../config/leaks.js";
import { getContext } from "../context/request-context.js";
import { HttpError } from "../http/errors.js";
import { bodyOf, idParam, optional, text, uuids } from "../http/input.js";
import { paging, searching } from "../http/pagination.js";
import { included } from "../http/query.js";
import { clientsCsv } from "../services/client-export.js";
import { publish } from "../services/events.js";

export const clients = Router();

// taxId comes from the accounting import; no route writes it.

clients.get("/", async (request, response) => {
  const { rows, ...page } = paging(request);
  const search = searching(request, "number", "name", "email");
  const where = { tenantId: getContext().tenantId, ...search };
  const { db, shown } = leaks("list") ? { db: prismaBase, shown: search } : { db: prisma, shown: where };
  const [items, total] = await Promise.all([
    db.client.findMany({ where: shown, orderBy: { number: "asc" }, ...rows }),
    prisma.client.count({ where }),
  ]);
  response.json({ items, total, ...page });
});

/** For a spreadsheet. */
clients.get("/export", async (_request, response) => {
  response
    .attachment("clients.csv")
    .type("text/csv")
    .send(await clientsCsv());
});

/** `?include=contracts` reads them along, `?include=contracts.invoices` also what they were billed. */
clients.get("/:id", async (request, response) => {
  const id = idParam(request);
  const wanted = included(request, "contracts", "contracts.invoices");
  const contracts = wanted.has("contracts.invoices")
    ? { include: { invoices: true } }
    : wanted.has("contracts");
  const include = { businessUnits: true, contracts };
  response.json(await prisma.client.findUniqueOrThrow({ where: { id }, include }));
});

clients.post("/", async (request, response) => {
  const body = bodyOf(request);
  const { tenantId } = getContext();
  const businessUnits = uuids(body, "businessUnitIds").map((businessUnitId) => ({
    tenantId,
    businessUnitId,
  }));
  const number = text(body, "number");
  const taken = leaks("unique-conflict") ? { number } : { tenantId, number };
  if (await prismaBase.client.findFirst({ where: taken })) throw new HttpError(409, "This number is taken");
  const client = await prisma.client.create({
    data: {
      tenantId,
      number,
      name: text(body, "name"),
      email: text(body, "email"),
      businessUnits: { create: businessUnits },
    },
    include: { businessUnits: true },
  });
  publish("client.created", client);
  response.status(201).json(client);
});

clients.patch("/:id", async (request, response) => {
  const id = idParam(request);
  const body = bodyOf(request);
  const db = leaks("update") ? prismaBase : prisma;
  const client = await db.client.update({
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
  const db = leaks("delete") ? prismaBase : prisma;
  await db.client.delete({ where: { id: idParam(request) } });
  response.status(204).end();
});
