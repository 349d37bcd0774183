import { Router } from "express";
import { environment } from "../config/environment.js";
import { activeLeaks } from "../config/leaks.js";
import { REGISTERED_MODELS } from "../config/tenant-model-registry.js";
import { exposition } from "../metrics.js";

/** What the people who run the application look at. */
export const operations = Router();

operations.get("/health", (_request, response) => {
  const { version, digest, guardMode } = environment;
  response.json({
    status: "ok",
    version,
    digest,
    guard: { mode: guardMode, models: REGISTERED_MODELS.length },
    leaks: activeLeaks,
  });
});

operations.get("/metrics", (_request, response) => {
  response.type("text/plain; version=0.0.4; charset=utf-8").send(exposition());
});
