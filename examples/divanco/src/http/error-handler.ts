import type { ErrorRequestHandler, Request, RequestHandler } from "express";
import { ForeignTenantError, ReferenceNotFoundError } from "../guard/errors.js";
import { log } from "../log.js";
import { crossTenantAttempt, placeOf } from "./cross-tenant.js";
import { HttpError, isPrismaError } from "./errors.js";

export const notFoundHandler: RequestHandler = () => {
  throw new HttpError(404, "No such route");
};

export const errorHandler: ErrorRequestHandler = (error, request, response, _next) => {
  const { status, message } = answerTo(error, request);
  if (status >= 500) {
    log.error(String(error?.message ?? error), { error: error?.name, ...placeOf(request) });
  }
  response.status(status).json({ error: message });
};

function answerTo(error: unknown, request: Request): { status: number; message: string } {
  if (error instanceof HttpError) return error;
  if (error instanceof ForeignTenantError) return crossTenantAttempt(request, error.message);
  if (error instanceof ReferenceNotFoundError) return { status: 404, message: error.message };
  if (isPrismaError(error, "P2025")) return { status: 404, message: "Not found" };
  if (isPrismaError(error, "P2002")) return { status: 409, message: "Already exists" };
  if (isPrismaError(error, "P2003")) return { status: 409, message: "Still in use" };
  if (isPrismaError(error, "P2020")) return { status: 400, message: "A number is out of range" };
  if (isBodyError(error)) return { status: error.status, message: error.message };
  return { status: 500, message: "Internal server error" };
}

/** What express.json() throws for a body that is malformed or too large. */
function isBodyError(error: unknown): error is Error & { status: number } {
  return error instanceof Error && "expose" in error && error.expose === true && "status" in error;
}
