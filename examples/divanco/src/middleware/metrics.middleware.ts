import type { Request, RequestHandler } from "express";
import { httpDuration, httpRequests } from "../metrics.js";

/** Counts and times every request. */
export const measure: RequestHandler = (request, response, next) => {
  const start = process.hrtime.bigint();
  response.once("finish", () => {
    const labels = { method: request.method, route: routeOf(request) };
    httpRequests.increment({ ...labels, status: String(response.statusCode) });
    httpDuration.observe(labels, Number(process.hrtime.bigint() - start) / 1e9);
  });
  next();
};

/** `/api/v1/assets/:id`, not the id: a label for each row would never end. */
function routeOf(request: Request): string {
  if (!request.route) return "unmatched";
  const path = request.baseUrl + request.route.path;
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
