import { numberedPage, queryWord } from "../http/input.js";
import { notFound } from "../http/problem.js";
import { ok } from "../http/reply.js";
import type { Clinic } from "./clinic.js";

/** What everyone may see: the list of medicines and the directory of practices. */
export function catalogueRoutes({ database, router }: Clinic): void {
  router.open("GET", "/health", () => ok({ status: "up" }));

  router.open("GET", "/medicines", ({ query }) => {
    const form = queryWord(query, "form", ["tablet", "injection", "drops", "ointment"]);
    const search = (query.get("q") ?? "").toLowerCase();
    const found = database.medicines.rows.filter(
      (row) => (form === undefined || row.form === form) && row.name.toLowerCase().includes(search),
    );
    const { rows, page } = numberedPage(found, query);
    return ok(rows, page);
  });

  router.open("GET", "/medicines/{slug}", ({ params }) => {
    const medicine = database.medicines.get(params.slug!);
    if (medicine === undefined) throw notFound();
    return ok(medicine);
  });

  router.open("GET", "/directory", () =>
    ok(database.practices.rows.map(({ id, name, city, phone }) => ({ id, name, city, phone }))),
  );
}
