import { Router } from "express";
import { prisma, prismaBase } from "../config/database.js";
import { leaks } from "../config/leaks.js";
import { getContext } from "../context/request-context.js";
import { idParam } from "../http/input.js";
import { included } from "../http/query.js";
import { cached, forget } from "../services/cache.js";

export const modules = Router();

/** The catalogue: the same answer for every tenant. `?include=tenants` adds the caller's own subscriptions. */
modules.get("/", async (request, response) => {
  const include = { tenants: included(request, "tenants").has("tenants") };
  const db = leaks("nested-include") ? prismaBase : prisma;
  response.json({ items: await db.module.findMany({ orderBy: { code: "asc" }, include }) });
});

/** Which of them this tenant has switched on. Every page of the web interface asks for it, so it is cached. */
modules.get("/enabled", async (_request, response) => {
  const { tenantId } = getContext();
  const load = () => prisma.tenantModule.findMany({ where: { tenantId }, orderBy: { enabledAt: "asc" } });
  response.json({ items: await cached(enabledKey(), load) });
});

/** Switches a module on; once it is, nothing changes. */
modules.put("/:id/subscription", async (request, response) => {
  const { tenantId } = getContext();
  const { id: moduleId } = await prisma.module.findUniqueOrThrow({ where: { id: idParam(request) } });
  const subscription = await prisma.tenantModule.upsert({
    where: { tenantId_moduleId: { tenantId, moduleId } },
    create: { tenantId, moduleId },
    update: {},
  });
  forget(enabledKey());
  response.json(subscription);
});

modules.delete("/:id/subscription", async (request, response) => {
  const { tenantId } = getContext();
  const moduleId = idParam(request);
  await prisma.tenantModule.delete({ where: { tenantId_moduleId: { tenantId, moduleId } } });
  forget(enabledKey());
  response.status(204).end();
});

const enabledKey = () =>
  leaks("shared-cache") ? "modules/enabled" : `modules/enabled/${getContext().tenantId}`;
