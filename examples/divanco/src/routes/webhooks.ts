import { Router } from "express";
import { prisma } from "../config/database.js";
import { getContext } from "../context/request-context.js";
import type { Prisma } from "../generated/prisma/client.js";
import { isPrismaError } from "../http/errors.js";
import { bodyOf, money, oneOf, text, uuid } from "../http/input.js";
import { optionalContextInjector, validateTenantHeader } from "../middleware/context.middleware.js";
import { verifySignature } from "../middleware/signature.middleware.js";
import { bookPayment } from "../services/payments.js";

export const webhooks = Router();

webhooks.use(verifySignature);
webhooks.use(validateTenantHeader);
webhooks.use(optionalContextInjector);

/** The payment provider says that an invoice was paid by card. It repeats itself until it gets a 2xx. */
webhooks.post("/payment", async (request, response) => {
  const body = bodyOf(request);
  const externalId = text(body, "id");
  const type = oneOf(body, "type", ["payment.succeeded"]);
  const invoiceId = uuid(body, "invoiceId");
  const amount = money(body, "amount");
  const { tenantId } = getContext();

  const where = { tenantId_externalId: { tenantId, externalId } };
  if (await prisma.webhookEvent.findUnique({ where })) return void response.json({ status: "duplicate" });

  const payload = body as Prisma.InputJsonObject;
  const event = prisma.webhookEvent.create({ data: { tenantId, externalId, type, payload } });
  try {
    await bookPayment({ invoiceId, amount, method: "CARD", reference: externalId }, [event]);
    response.json({ status: "booked" });
  } catch (error) {
    // Two deliveries at once: the unique key lets one of them through.
    if (!isPrismaError(error, "P2002")) throw error;
    response.json({ status: "duplicate" });
  }
});
