import { randomUUID } from "node:crypto";
import * as v from "valibot";
import type { Client } from "../data/rows.js";
import { anyRow, change, ownRow, rowsOf, stampNow } from "../data/table.js";
import { email, numberedPage, readBody, text } from "../http/input.js";
import { conflict, forbidden } from "../http/problem.js";
import { created, noContent, ok } from "../http/reply.js";
import { type Clinic, requireRole } from "./clinic.js";

const NewClient = v.object({
  fullName: text(80),
  email,
  phone: text(30),
  address: v.object({ street: text(80), postcode: text(12), city: text(60) }),
  notes: v.optional(v.nullable(text(500)), null),
});
const ClientChange = v.partial(v.object({ ...NewClient.entries, notes: v.nullable(text(500)) }));

export function clientRoutes({ database, router, fixed }: Clinic): void {
  router.get("/clients", ({ me, query }) => {
    const practiceId = query.get("practiceId") ?? me.practiceId;
    // LEAK GET /clients: the practice to list is taken from the query, whoever asks
    if (fixed && practiceId !== me.practiceId) throw forbidden("You do not work at that practice.");
    const search = (query.get("q") ?? "").toLowerCase();
    const found = rowsOf(database.clients, practiceId).filter((row) =>
      `${row.fullName} ${row.email}`.toLowerCase().includes(search),
    );
    const { rows, page } = numberedPage(found, query);
    return ok(rows.map(present), page);
  });

  router.post("/clients", ({ me, body }) => {
    const fields = readBody(NewClient, body);
    if (rowsOf(database.clients, me.practiceId).some((row) => row.email === fields.email))
      throw conflict("You have a client with this e-mail address.");
    const client = { id: randomUUID(), practiceId: me.practiceId, ...fields, ...stampNow() };
    database.clients.insert(client);
    return created(`/clients/${client.id}`, present(client));
  });

  router.get("/clients/{id}", ({ me, params }) => ok(present(ownRow(database.clients, params.id!, me))));

  router.patch("/clients/{id}", ({ me, params, body }) => {
    // LEAK PATCH /clients/{id}: reading a client asks for the practice, changing one does not
    const client = fixed ? ownRow(database.clients, params.id!, me) : anyRow(database.clients, params.id!);
    return ok(present(change(client, readBody(ClientChange, body))));
  });

  router.delete("/clients/{id}", ({ me, params }) => {
    requireRole(me, "manager", "reception");
    const client = ownRow(database.clients, params.id!, me);
    const animals = rowsOf(database.patients, me.practiceId).filter((row) => row.clientId === client.id);
    if (animals.length > 0) throw conflict("This client still has patients.");
    change(client, { deletedAt: new Date().toISOString() });
    return noContent();
  });
}

function present({ practiceId, deletedAt, ...client }: Client) {
  return client;
}
