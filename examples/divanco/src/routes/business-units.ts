import { Router } from "express";
import { prisma } from "../config/database.js";
import { matching } from "../http/pagination.js";

export const businessUnits = Router();

businessUnits.get("/", async (request, response) => {
  const where = matching(request, "name");
  response.json({ items: await prisma.businessUnit.findMany({ where, orderBy: { name: "asc" } }) });
});
