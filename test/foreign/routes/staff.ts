import * as v from "valibot";
import { hashPassword } from "../data/password.js";
import type { StaffMember } from "../data/rows.js";
import { change, ownRow, rowsOf, stampNow } from "../data/table.js";
import { email, pathNumber, readBody, text } from "../http/input.js";
import { conflict, invalid } from "../http/problem.js";
import { created, noContent, ok } from "../http/reply.js";
import { type Clinic, requireRole } from "./clinic.js";

const RoleName = v.picklist(["manager", "vet", "reception"]);
const NewMember = v.object({
  email,
  name: text(80),
  role: RoleName,
  password: v.pipe(v.string(), v.minLength(10)),
});
const MemberChange = v.partial(v.object({ name: text(80), role: RoleName }));
const OwnChange = v.object({ name: text(80) });

export function staffRoutes({ database, router }: Clinic): void {
  const ownPractice = (me: StaffMember) => {
    const { createdAt, updatedAt, ...practice } = database.practices.get(me.practiceId)!;
    return practice;
  };

  router.get("/me", ({ me }) => {
    const { id, name } = ownPractice(me);
    return ok({ ...present(me), practice: { id, name } });
  });

  router.patch("/me", ({ me, body }) => ok(present(change(me, readBody(OwnChange, body)))));

  router.get("/practice", ({ me }) => ok(ownPractice(me)));

  router.get("/staff", ({ me }) => ok(rowsOf(database.staff, me.practiceId).map(present)));

  router.post("/staff", ({ me, body }) => {
    requireRole(me, "manager");
    const { password, ...fields } = readBody(NewMember, body);
    // A login name is unique in the whole database; the domain keeps a 409 from telling about other practices.
    if (!fields.email.endsWith(`@${me.practiceId}.example`))
      throw invalid("email", `an address of ${me.practiceId}.example`);
    if (database.staff.rows.some((row) => row.email === fields.email))
      throw conflict("This e-mail address is in use.");
    const member = database.staff.insert({
      id: database.staff.nextNumber(),
      practiceId: me.practiceId,
      ...fields,
      passwordHash: hashPassword(password),
      ...stampNow(),
    });
    return created(`/staff/${member.id}`, present(member));
  });

  router.get("/staff/{id}", ({ me, params }) =>
    ok(present(ownRow(database.staff, pathNumber(params.id), me))),
  );

  router.patch("/staff/{id}", ({ me, params, body }) => {
    requireRole(me, "manager");
    const member = ownRow(database.staff, pathNumber(params.id), me);
    return ok(present(change(member, readBody(MemberChange, body))));
  });

  router.delete("/staff/{id}", ({ me, params }) => {
    requireRole(me, "manager");
    const member = ownRow(database.staff, pathNumber(params.id), me);
    if (member === me) throw conflict("You cannot remove yourself.");
    change(member, { deletedAt: new Date().toISOString() });
    return noContent();
  });
}

function present({ id, email, name, role, createdAt, updatedAt }: StaffMember) {
  return { id, email, name, role, createdAt, updatedAt };
}
