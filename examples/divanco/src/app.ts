import { fileURLToPath } from "node:url";
import express, { Router } from "express";
import { errorHandler, notFoundHandler } from "./http/error-handler.js";
import { authenticate } from "./middleware/auth.middleware.js";
import { measure } from "./middleware/metrics.middleware.js";
import { assets } from "./routes/assets.js";
import { auth } from "./routes/auth.js";
import { businessUnits } from "./routes/business-units.js";
import { clients } from "./routes/clients.js";
import { contracts } from "./routes/contracts.js";
import { events } from "./routes/events.js";
import { exports } from "./routes/exports.js";
import { internal } from "./routes/internal.js";
import { invoices } from "./routes/invoices.js";
import { modules } from "./routes/modules.js";
import { operations } from "./routes/operations.js";
import { payments } from "./routes/payments.js";
import { quotations } from "./routes/quotations.js";
import { rentals } from "./routes/rentals.js";
import { reports } from "./routes/reports.js";
import { supplies } from "./routes/supplies.js";
import { webhooks } from "./routes/webhooks.js";

const openapi = fileURLToPath(new URL("../openapi.json", import.meta.url));

export function createApp(): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(measure);
  app.use(operations);
  app.get("/openapi.json", (_request, response) => response.sendFile(openapi));
  // The signature is over the bytes as they were sent, so webhooks come before the JSON parser.
  app.use("/webhooks", express.raw({ type: "application/json" }), webhooks);
  app.use(express.json());
  app.use("/internal", internal);
  app.use("/api/v1/auth", auth);
  app.use("/api/v1", authenticate, api());
  app.use(notFoundHandler);
  app.use(errorHandler);
  return app;
}

function api(): Router {
  const router = Router();
  router.use("/assets", assets, rentals);
  router.use("/business-units", businessUnits);
  router.use("/clients", clients);
  router.use("/contracts", contracts);
  router.use("/events", events);
  router.use("/exports", exports);
  router.use("/invoices", invoices);
  router.use("/modules", modules);
  router.use("/payments", payments);
  router.use("/quotations", quotations);
  router.use("/reports", reports);
  router.use("/supplies", supplies);
  return router;
}
