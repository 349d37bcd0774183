import { createHmac } from "node:crypto";
import type { RequestHandler } from "express";
import { sameBytes } from "../auth/token.js";
import { environment } from "../config/environment.js";
import { HttpError } from "../http/errors.js";

/** Expects the raw body; leaves the parsed one. The signature is the hex HMAC-SHA256 of the bytes that were sent. */
export const verifySignature: RequestHandler = (request, _response, next) => {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const expected = createHmac("sha256", environment.webhookSecret).update(body).digest();
  const signature = Buffer.from(request.get("X-Webhook-Signature") ?? "", "hex");
  if (!sameBytes(signature, expected)) throw new HttpError(401, "X-Webhook-Signature is wrong");
  request.body = parse(body);
  next();
};

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new HttpError(400, "The body must be a JSON object");
  }
}
