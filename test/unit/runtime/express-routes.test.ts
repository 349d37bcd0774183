import express, { Router } from "express";
import { afterAll, expect, test } from "vitest";
import { expressRoutes, rememberMounts } from "../../../src/index.js";

const { use } = Router.prototype;
afterAll(() => {
  Router.prototype.use = use;
});

const nothing = () => {};

function application(): express.Express {
  const app = express();
  app.use(express.json());
  app.get("/health", nothing);
  const items = Router({ mergeParams: true });
  items.get("/:itemId", nothing).delete("/:itemId", nothing);
  const quotations = Router();
  quotations.route("/").get(nothing).post(nothing);
  quotations.get(["/:id", "/number/:number"], nothing);
  quotations.use("/:id/items", nothing, items);
  const api = Router();
  api.use("/quotations", quotations);
  app.use("/api/v1", nothing, api);
  return app;
}

const routes = [
  "DELETE /api/v1/quotations/{id}/items/{itemId}",
  "GET /api/v1/quotations",
  "GET /api/v1/quotations/number/{number}",
  "GET /api/v1/quotations/{id}",
  "GET /api/v1/quotations/{id}/items/{itemId}",
  "GET /health",
  "POST /api/v1/quotations",
];

test("every route, with the places of routers below routers", () => {
  expect(expressRoutes(application())).not.toEqual(routes);
  rememberMounts(express);
  expect(expressRoutes(application())).toEqual(routes);
});

test("an application without routes has none", () => {
  expect(expressRoutes(express())).toEqual([]);
});
