import * as v from "valibot";
import type { StockItem } from "../data/rows.js";
import { change, ownRow, rowsOf, stampNow } from "../data/table.js";
import { day, pathNumber, readBody, text, wholeNumber } from "../http/input.js";
import { conflict, invalid, Problem } from "../http/problem.js";
import { created, etagOf, noContent, ok } from "../http/reply.js";
import { type Clinic, requireRole } from "./clinic.js";

const NewItem = v.object({
  medicine: text(60),
  quantity: wholeNumber(0, 100_000),
  reorderLevel: v.optional(wholeNumber(0, 100_000), 0),
  shelf: v.optional(v.nullable(text(30)), null),
  expiresOn: v.optional(v.nullable(day), null),
  practiceId: v.optional(v.string()),
});
const ItemChange = v.partial(
  v.object({
    reorderLevel: wholeNumber(0, 100_000),
    shelf: v.nullable(text(30)),
    expiresOn: v.nullable(day),
  }),
);
const Adjustment = v.object({ by: wholeNumber(-100_000, 100_000), why: text(100) });

export function stockRoutes({ database, router, fixed }: Clinic): void {
  router.get("/stock", ({ me, query }) => {
    const onlyLow = query.get("low") === "true";
    const items = rowsOf(database.stock, me.practiceId);
    return ok(items.filter((row) => !onlyLow || row.quantity <= row.reorderLevel).map(present));
  });

  router.post("/stock", ({ me, body }) => {
    const fields = readBody(NewItem, body);
    if (database.medicines.get(fields.medicine) === undefined)
      throw invalid("medicine", "not in the list of medicines");
    // LEAK POST /stock: a practice named in the body wins over the practice of the caller
    const practiceId = fixed ? me.practiceId : (fields.practiceId ?? me.practiceId);
    const id = database.stock.nextNumber();
    const item = database.stock.insert({ id, ...fields, practiceId, ...stampNow() });
    return created(`/stock/${item.id}`, present(item));
  });

  router.get("/stock/{id}", ({ me, params }) =>
    ok(present(ownRow(database.stock, pathNumber(params.id), me))),
  );

  router.patch("/stock/{id}", ({ me, params, headers, body }) => {
    const item = ownRow(database.stock, pathNumber(params.id), me);
    const seen = headers["if-match"];
    if (seen !== undefined && seen !== etagOf(present(item)))
      throw new Problem(412, "changed_meanwhile", "Someone changed this item; read it again.");
    return ok(present(change(item, readBody(ItemChange, body))));
  });

  router.post("/stock/{id}/adjust", ({ me, params, body }) => {
    const item = ownRow(database.stock, pathNumber(params.id), me);
    const quantity = item.quantity + readBody(Adjustment, body).by;
    if (quantity < 0) throw conflict("There is not that much on the shelf.");
    return ok(present(change(item, { quantity })));
  });

  /** Answers 204 whether or not there was something to delete, so a client may repeat it. */
  router.delete("/stock/{id}", ({ me, params }) => {
    requireRole(me, "manager");
    const item = database.stock.get(pathNumber(params.id));
    if (item?.practiceId === me.practiceId) change(item, { deletedAt: new Date().toISOString() });
    return noContent();
  });
}

function present({ deletedAt, ...item }: StockItem) {
  return item;
}
