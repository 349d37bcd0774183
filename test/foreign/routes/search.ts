import type { Database } from "../data/database.js";
import { queryNumber } from "../http/input.js";
import { badRequest } from "../http/problem.js";
import { ok } from "../http/reply.js";
import type { Clinic } from "./clinic.js";

/** How old the search index may get, in milliseconds: a new row is found a little later. */
const INDEX_MAY_BE_OLD = 250;

type Entry = {
  practiceId: string;
  hit: { type: "client" | "patient"; id: string | number; title: string; subtitle: string };
};

export function searchRoutes({ database, router, fixed }: Clinic): void {
  let index: Entry[] = [];
  let builtAt = 0;

  router.get("/search", ({ me, query }) => {
    const words = (query.get("q") ?? "").trim().toLowerCase();
    if (words.length < 2) throw badRequest("q has at least two letters.");
    const limit = queryNumber(query, "limit", 10, 50);
    if (Date.now() - builtAt > INDEX_MAY_BE_OLD) {
      index = buildIndex(database);
      builtAt = Date.now();
    }
    const found = index.filter(({ hit }) => `${hit.title} ${hit.subtitle}`.toLowerCase().includes(words));
    // LEAK GET /search: one index for all practices, searched as a whole
    const visible = fixed ? found.filter(({ practiceId }) => practiceId === me.practiceId) : found;
    return ok(visible.slice(0, limit).map(({ hit }) => hit));
  });
}

function buildIndex({ clients, patients }: Database): Entry[] {
  const clientEntries = clients.rows
    .filter((row) => row.deletedAt === undefined)
    .map(({ practiceId, id, fullName, email }): Entry => {
      return { practiceId, hit: { type: "client", id, title: fullName, subtitle: email } };
    });
  const patientEntries = patients.rows
    .filter((row) => row.deletedAt === undefined)
    .map(({ practiceId, id, name, species, breed }): Entry => {
      return { practiceId, hit: { type: "patient", id, title: name, subtitle: breed ?? species } };
    });
  return [...clientEntries, ...patientEntries];
}
