import type { RequestHandler } from "express";
import { sameBytes } from "../auth/token.js";
import { environment } from "../config/environment.js";
import { HttpError } from "../http/errors.js";

export const requireAdminKey: RequestHandler = (request, _response, next) => {
  const key = environment.adminKey;
  const given = request.get("X-Admin-Key") ?? "";
  const isRight = key && sameBytes(Buffer.from(given), Buffer.from(key));
  if (!isRight) throw new HttpError(403, "X-Admin-Key is wrong");
  next();
};
