import { Router } from "express";
import { getContext } from "../context/request-context.js";
import { subscribe } from "../services/events.js";

export const events = Router();

/** Server-sent events of the tenant, from now on. */
events.get("/", (_request, response) => {
  const { tenantId } = getContext();
  response.type("text/event-stream").write(": connected\n\n");
  const unsubscribe = subscribe(
    tenantId,
    (event) => response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
    () => response.end(),
  );
  response.once("close", unsubscribe);
});
