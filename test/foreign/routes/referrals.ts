import { randomUUID } from "node:crypto";
import * as v from "valibot";
import type { Referral, StaffMember } from "../data/rows.js";
import { change, rowsOf, stampNow } from "../data/table.js";
import { queryWord, readBody, text, wholeNumber } from "../http/input.js";
import { conflict, invalid, notFound } from "../http/problem.js";
import { created, ok } from "../http/reply.js";
import { type Clinic, requireRole } from "./clinic.js";

const NewReferral = v.object({
  patientId: wholeNumber(1, 999_999_999),
  toPracticeId: text(40),
  reason: text(300),
});
const Answer = v.object({ answer: v.picklist(["accepted", "declined"]) });

/** A patient sent to another practice: both practices see the referral, nobody else does. */
export function referralRoutes({ database, router }: Clinic): void {
  const sees = (me: StaffMember, row: Referral) =>
    row.fromPracticeId === me.practiceId || row.toPracticeId === me.practiceId;
  const seenReferral = (id: string, me: StaffMember) => {
    const referral = database.referrals.get(id);
    if (referral === undefined || !sees(me, referral)) throw notFound();
    return referral;
  };

  router.get("/referrals", ({ me, query }) => {
    const box = queryWord(query, "box", ["in", "out"]);
    const found = database.referrals.rows.filter((row) => {
      if (box === "in") return row.toPracticeId === me.practiceId;
      if (box === "out") return row.fromPracticeId === me.practiceId;
      return sees(me, row);
    });
    return ok(found.map(present));
  });

  router.post("/referrals", ({ me, body }) => {
    requireRole(me, "vet", "manager");
    const { patientId, toPracticeId, reason } = readBody(NewReferral, body);
    const patient = rowsOf(database.patients, me.practiceId).find((row) => row.id === patientId);
    if (patient === undefined) throw invalid("patientId", "no such patient");
    if (toPracticeId === me.practiceId || database.practices.get(toPracticeId) === undefined)
      throw invalid("toPracticeId", "not another practice of the directory");
    const referral = database.referrals.insert({
      id: randomUUID(),
      fromPracticeId: me.practiceId,
      toPracticeId,
      patientId,
      patient: { name: patient.name, species: patient.species, breed: patient.breed },
      reason,
      status: "sent",
      ...stampNow(),
    });
    return created(`/referrals/${referral.id}`, present(referral));
  });

  router.get("/referrals/{id}", ({ me, params }) => ok(present(seenReferral(params.id!, me))));

  router.post("/referrals/{id}/answer", ({ me, params, body }) => {
    const referral = seenReferral(params.id!, me);
    const { answer } = readBody(Answer, body);
    if (referral.toPracticeId !== me.practiceId || referral.status !== "sent")
      throw conflict("Only the asked practice answers, and only once.");
    return ok(present(change(referral, { status: answer })));
  });
}

function present({ patientId, ...referral }: Referral) {
  return referral;
}
