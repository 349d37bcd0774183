import * as v from "valibot";
import type { StaffMember, Visit } from "../data/rows.js";
import { anyRow, change, ownRow, rowsOf, stampNow } from "../data/table.js";
import { moment, pathNumber, readBody, text } from "../http/input.js";
import { conflict, notFound } from "../http/problem.js";
import { created, ok } from "../http/reply.js";
import { type Clinic, requireRole } from "./clinic.js";

const NewVisit = v.object({
  visitedAt: v.optional(moment),
  complaint: text(300),
  diagnosis: v.optional(v.nullable(text(300)), null),
  treatment: v.optional(v.nullable(text(1000)), null),
});
const VisitChange = v.partial(
  v.object({ complaint: text(300), diagnosis: v.nullable(text(300)), treatment: v.nullable(text(1000)) }),
);

type VisitParams = Record<string, string>;

export function visitRoutes({ database, router, fixed }: Clinic): void {
  const ownVisit = (params: VisitParams, me: StaffMember) => {
    const patient = ownRow(database.patients, pathNumber(params.patientId), me);
    const visit = ownRow(database.visits, pathNumber(params.visitId), me);
    if (visit.patientId !== patient.id) throw notFound();
    return visit;
  };
  const visitBelowOwnPatient = (params: VisitParams, me: StaffMember) => {
    ownRow(database.patients, pathNumber(params.patientId), me);
    return anyRow(database.visits, pathNumber(params.visitId));
  };

  router.get("/patients/{patientId}/visits", ({ me, params }) => {
    const patient = ownRow(database.patients, pathNumber(params.patientId), me);
    const visits = rowsOf(database.visits, me.practiceId).filter((row) => row.patientId === patient.id);
    return ok(visits.sort((a, b) => b.visitedAt.localeCompare(a.visitedAt)).map(present));
  });

  router.post("/patients/{patientId}/visits", ({ me, params, body }) => {
    requireRole(me, "vet", "manager");
    const patient = ownRow(database.patients, pathNumber(params.patientId), me);
    const { visitedAt, ...fields } = readBody(NewVisit, body);
    const stamp = stampNow();
    const visit = database.visits.insert({
      id: database.visits.nextNumber(),
      practiceId: me.practiceId,
      patientId: patient.id,
      vetId: me.id,
      visitedAt: visitedAt ?? stamp.createdAt,
      ...fields,
      signedAt: null,
      ...stamp,
    });
    return created(`/patients/${patient.id}/visits/${visit.id}`, present(visit));
  });

  router.get("/patients/{patientId}/visits/{visitId}", ({ me, params }) => {
    // LEAK GET /patients/{patientId}/visits/{visitId}: the patient is checked, the visit below it is not
    const visit = fixed ? ownVisit(params, me) : visitBelowOwnPatient(params, me);
    return ok(present(visit));
  });

  router.patch("/patients/{patientId}/visits/{visitId}", ({ me, params, body }) => {
    requireRole(me, "vet", "manager");
    const visit = ownVisit(params, me);
    if (visit.signedAt !== null) throw conflict("A signed visit does not change any more.");
    return ok(present(change(visit, readBody(VisitChange, body))));
  });

  router.post("/patients/{patientId}/visits/{visitId}/sign", ({ me, params }) => {
    requireRole(me, "vet", "manager");
    const visit = ownVisit(params, me);
    if (visit.signedAt !== null) throw conflict("This visit is signed already.");
    return ok(present(change(visit, { signedAt: new Date().toISOString() })));
  });
}

function present({ practiceId, deletedAt, ...visit }: Visit) {
  return visit;
}
