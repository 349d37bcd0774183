import { randomBytes } from "node:crypto";
import * as v from "valibot";
import type { ExportJob } from "../data/rows.js";
import { ownRow, rowsOf, stampNow } from "../data/table.js";
import { readBody } from "../http/input.js";
import { conflict } from "../http/problem.js";
import { accepted, file, ok, toCsv } from "../http/reply.js";
import { type Clinic, requireRole } from "./clinic.js";
import { totalCents } from "./invoices.js";

/** How long an export is in the making, in milliseconds. */
const EXPORT_TAKES = 150;

const NewExport = v.object({ kind: v.picklist(["clients", "invoices"]) });

export function exportRoutes({ database, router }: Clinic): void {
  const clientsCsv = (practiceId: string) =>
    toCsv([
      ["id", "name", "email", "phone", "city"],
      ...rowsOf(database.clients, practiceId).map((row) => [
        row.id,
        row.fullName,
        row.email,
        row.phone,
        row.address.city,
      ]),
    ]);
  const invoicesCsv = (practiceId: string) =>
    toCsv([
      ["number", "client", "status", "due", "total_cents"],
      ...rowsOf(database.invoices, practiceId).map((row) => [
        row.number,
        row.clientId,
        row.status,
        row.dueOn,
        totalCents(row),
      ]),
    ]);

  router.post("/exports", ({ me, body }) => {
    requireRole(me, "manager", "reception");
    const job = database.exports.insert({
      id: `exp_${randomBytes(8).toString("hex")}`,
      practiceId: me.practiceId,
      kind: readBody(NewExport, body).kind,
      requestedBy: me.id,
      readyAt: new Date(Date.now() + EXPORT_TAKES).toISOString(),
      ...stampNow(),
    });
    return accepted(`/exports/${job.id}`, present(job));
  });

  router.get("/exports/{id}", ({ me, params }) => ok(present(ownRow(database.exports, params.id!, me))));

  router.get("/exports/{id}/file", ({ me, params }) => {
    const job = ownRow(database.exports, params.id!, me);
    if (!isReady(job)) throw conflict("The export is not ready yet.");
    const content = job.kind === "clients" ? clientsCsv(job.practiceId) : invoicesCsv(job.practiceId);
    return file(`${job.kind}.csv`, "text/csv; charset=utf-8", content);
  });
}

function isReady(job: ExportJob): boolean {
  return Date.parse(job.readyAt) <= Date.now();
}

function present(job: ExportJob) {
  const { id, kind, requestedBy, createdAt } = job;
  return { id, kind, requestedBy, status: isReady(job) ? "ready" : "working", createdAt };
}
