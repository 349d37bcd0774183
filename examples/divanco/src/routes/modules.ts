import { Router } from "express";
import { prisma } from "../config/database.js";
import { getContext } from "../context/request-context.js";

export const modules = Router();

/** The catalogue: the same answer for every tenant. */
modules.get("/", async (_request, response) => {
  response.json({ items: await prisma.module.findMany({ orderBy: { code: "asc" } }) });
});

/** Which of them this tenant has switched on. */
modules.get("/enabled", async (_request, response) => {
  const { tenantId } = getContext();
  response.json({
    items: await prisma.tenantModule.findMany({ where: { tenantId }, orderBy: { enabledAt: "asc" } }),
  });
});
