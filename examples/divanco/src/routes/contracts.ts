import { Router } from "express";
import { prisma } from "../config/database.js";
import { idParam } from "../http/input.js";
import { matching, paging } from "../http/pagination.js";

export const contracts = Router();

contracts.get("/", async (request, response) => {
  const { rows, ...page } = paging(request);
  const where = matching(request, "number");
  const [items, total] = await Promise.all([
    prisma.contract.findMany({ where, orderBy: { number: "asc" }, ...rows }),
    prisma.contract.count({ where }),
  ]);
  response.json({ items, total, ...page });
});

contracts.get("/:id", async (request, response) => {
  response.json(await prisma.contract.findUniqueOrThrow({ where: { id: idParam(request) } }));
});
