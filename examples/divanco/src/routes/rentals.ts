import { Router } from "express";
import { prisma, prismaBase } from "../config/database.js";
import { leaks } from "../config/leaks.js";
import { conflictIfMissing, HttpError } from "../http/errors.js";
import { bodyOf, idParam, uuid } from "../http/input.js";
import { audit } from "../services/audit.js";

/** Under /assets: an asset goes out to a client and comes back. */
export const rentals = Router();

rentals.post("/:id/rent", async (request, response) => {
  const id = idParam(request);
  const clientId = uuid(bodyOf(request), "clientId");
  const { tenantId, dailyRate } = await prisma.asset.findUniqueOrThrow({ where: { id } });
  const [, rental] = await prisma
    .$transaction([
      prisma.asset.update({ where: { id, status: "AVAILABLE" }, data: { status: "RENTED" } }),
      prisma.rental.create({ data: { tenantId, assetId: id, clientId, dailyRate } }),
      audit("asset.rented", id),
    ])
    .catch(conflictIfMissing("The asset is not available"));
  response.status(201).json(rental);
});

rentals.post("/:id/return", async (request, response) => {
  const id = idParam(request);
  const db = leaks("error-text") ? prismaBase : prisma;
  const { name } = await db.asset.findUniqueOrThrow({ where: { id } });
  const open = await prisma.rental.findFirst({ where: { assetId: id, returnedAt: null } });
  if (!open) throw new HttpError(409, `${name} is not rented`);
  const [rental] = await prisma
    .$transaction([
      prisma.rental.update({ where: { id: open.id, returnedAt: null }, data: { returnedAt: new Date() } }),
      prisma.asset.update({ where: { id, status: "RENTED" }, data: { status: "AVAILABLE" } }),
      audit("asset.returned", id),
    ])
    .catch(conflictIfMissing(`${name} is not rented`));
  response.json(rental);
});
