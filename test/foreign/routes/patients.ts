import * as v from "valibot";
import { type Patient, SPECIES } from "../data/rows.js";
import { anyRow, change, ownRow, rowsOf, stampNow } from "../data/table.js";
import { day, numberedPage, pathNumber, queryWord, readBody, text } from "../http/input.js";
import { Problem } from "../http/problem.js";
import { created, etagOf, noContent, ok } from "../http/reply.js";
import { type Clinic, requireRole } from "./clinic.js";

const fields = {
  name: text(40),
  species: v.picklist(SPECIES),
  breed: v.nullable(text(60)),
  birthDate: v.nullable(day),
  microchip: v.nullable(v.pipe(v.string(), v.regex(/^\d{9,15}$/, "9 to 15 digits"))),
  weightKg: v.nullable(v.pipe(v.number(), v.minValue(0.01), v.maxValue(200))),
  allergies: v.array(text(40)),
};
const NewPatient = v.object({
  name: fields.name,
  species: fields.species,
  breed: v.optional(fields.breed, null),
  birthDate: v.optional(fields.birthDate, null),
  microchip: v.optional(fields.microchip, null),
  weightKg: v.optional(fields.weightKg, null),
  allergies: v.optional(fields.allergies, []),
});
const PatientChange = v.partial(v.object(fields));

export function patientRoutes({ database, router, fixed }: Clinic): void {
  router.get("/patients", ({ me, query }) => {
    const species = queryWord(query, "species", SPECIES);
    const search = (query.get("name") ?? "").toLowerCase();
    const found = rowsOf(database.patients, me.practiceId).filter(
      (row) => (species === undefined || row.species === species) && row.name.toLowerCase().includes(search),
    );
    const { rows, page } = numberedPage(found, query);
    return ok(rows.map(present), page);
  });

  router.get("/clients/{clientId}/patients", ({ me, params }) => {
    const client = ownRow(database.clients, params.clientId!, me);
    const animals = rowsOf(database.patients, me.practiceId).filter((row) => row.clientId === client.id);
    return ok(animals.map(present));
  });

  router.post("/clients/{clientId}/patients", ({ me, params, body }) => {
    const client = ownRow(database.clients, params.clientId!, me);
    const patient = database.patients.insert({
      id: database.patients.nextNumber(),
      practiceId: me.practiceId,
      clientId: client.id,
      ...readBody(NewPatient, body),
      ...stampNow(),
    });
    return created(`/patients/${patient.id}`, present(patient));
  });

  router.get("/patients/{id}", ({ me, params }) => {
    const id = pathNumber(params.id);
    // LEAK GET /patients/{id}: any logged-in member of staff may count through the numbers
    const patient = fixed ? ownRow(database.patients, id, me) : anyRow(database.patients, id);
    return ok(present(patient));
  });

  router.patch("/patients/{id}", ({ me, params, headers, body }) => {
    const patient = ownRow(database.patients, pathNumber(params.id), me);
    const seen = headers["if-match"];
    if (seen !== undefined && seen !== etagOf(present(patient)))
      throw new Problem(412, "changed_meanwhile", "Someone changed this patient; read it again.");
    return ok(present(change(patient, readBody(PatientChange, body))));
  });

  router.delete("/patients/{id}", ({ me, params }) => {
    requireRole(me, "manager", "vet");
    const patient = ownRow(database.patients, pathNumber(params.id), me);
    change(patient, { deletedAt: new Date().toISOString() });
    return noContent();
  });
}

function present({ deletedAt, ...patient }: Patient) {
  return patient;
}
