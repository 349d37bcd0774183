import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Caller } from "./caller.js";
import { SEED_PASSWORD } from "./data/password.js";

const MARIA = "5b1f0c52-7d0e-4c39-9a55-0f6d2f6b1a01";

/** A working day of Oakfield's manager that uses every route once; `neighbour` is Harbour's manager. */
export async function tour(me: Caller, neighbour: Caller): Promise<Answer[]> {
  const answers: Answer[] = [];
  const note = async (sent: Promise<Answer>) => {
    const answer = await sent;
    answers.push(answer);
    return answer;
  };
  await lookAround(me, note);
  await changeClients(me, note);
  await changePatients(me, note);
  await changeAppointments(me, note);
  await changeInvoices(me, note);
  await changeStock(me, note);
  await changeStaff(me, note);
  await waitForThings(me, note);
  await refer(me, neighbour, note);
  await note(me.post("/auth/logout"));
  return answers;
}

type Note = (sent: Promise<Answer>) => Promise<Answer>;

async function lookAround(me: Caller, note: Note): Promise<void> {
  const paths = [
    ["/health", "/medicines?form=drops&perPage=1", "/medicines/meloxicam-oral", "/directory"],
    ["/me", "/practice", "/staff", "/staff/2", "/clients?q=maria", `/clients/${MARIA}`],
    [`/clients/${MARIA}/patients`, "/patients?species=dog&page=1", "/patients/101"],
    ["/patients/101/visits", "/patients/101/visits/9001", "/patients/101/attachments"],
    ["/appointments?limit=2&status=booked", "/appointments/apt_7hq2m9x4kd", "/invoices?limit=1"],
    ["/invoices/INV-2001", "/stock?low=true", "/stock/31", "/reminders", "/reminders/rem-1"],
    ["/reports/revenue?year=2025", "/reports/debtors.csv"],
  ];
  for (const path of paths.flat()) await note(me.get(path));
}

async function changeClients(me: Caller, note: Note): Promise<void> {
  const address = { street: "Nieuwe Rijn 8", postcode: "2312 JB", city: "Leiden" };
  const ines = {
    fullName: "Ines Carvalho",
    email: "ines@carvalho.example",
    phone: "+31 6 1234 9999",
    address,
  };
  const { data: client } = await note(me.post("/clients", ines));
  await note(me.patch(`/clients/${client.id}`, { notes: "Speaks Portuguese." }));
  await note(me.delete(`/clients/${client.id}`));
}

async function changePatients(me: Caller, note: Note): Promise<void> {
  const { data: pixel } = await note(
    me.post(`/clients/${MARIA}/patients`, { name: "Pixel", species: "cat" }),
  );
  const patient = `/patients/${pixel.id}`;
  await note(me.patch(patient, { weightKg: 3.8 }));
  const { data: visit } = await note(me.post(`${patient}/visits`, { complaint: "Scratches its ear" }));
  await note(me.patch(`${patient}/visits/${visit.id}`, { diagnosis: "Ear mites" }));
  await note(me.post(`${patient}/visits/${visit.id}/sign`));
  const note64 = { fileName: "note.txt", mediaType: "text/plain", contentBase64: "SGVhbHRoeS4=" };
  const { data: attachment } = await note(me.post(`${patient}/attachments`, note64));
  await note(me.get(`/attachments/${attachment.id}`));
  await note(me.get(`/attachments/${attachment.id}/content`));
  await note(me.delete(`/attachments/${attachment.id}`));
  await note(me.delete(patient));
}

async function changeAppointments(me: Caller, note: Note): Promise<void> {
  const visit = { patientId: 101, vetId: 2, startsAt: "2031-04-07T13:00:00Z", reason: "Vaccination" };
  const { data: first } = await note(me.post("/appointments", visit));
  await note(me.patch(`/appointments/${first.id}`, { startsAt: "2031-04-08T08:30:00Z" }));
  await note(me.post(`/appointments/${first.id}/check-in`));
  const { data: second } = await note(me.post("/appointments", { ...visit, minutes: 45 }));
  await note(me.post(`/appointments/${second.id}/cancel`, { reason: "The owner is ill" }));
  await note(me.post("/appointments/bulk-cancel", { ids: ["apt_b3w8r5t1zc", "apt_0000000000"] }));
}

async function changeInvoices(me: Caller, note: Note): Promise<void> {
  const lines = [{ description: "Vaccination", quantity: 1, unitCents: 4250 }];
  const draft = { clientId: MARIA, dueOn: "2031-05-01", lines };
  const { data: first } = await note(me.post("/invoices", draft));
  await note(me.put(`/invoices/${first.number}`, { dueOn: "2031-05-15", lines }));
  await note(me.post(`/invoices/${first.number}/issue`));
  await note(me.post(`/invoices/${first.number}/payments`, { amountCents: 4250, method: "card" }));
  const { data: second } = await note(me.post("/invoices", draft));
  await note(me.post(`/invoices/${second.number}/void`));
}

async function changeStock(me: Caller, note: Note): Promise<void> {
  const { data: item } = await note(me.post("/stock", { medicine: "eye-ointment", quantity: 12 }));
  await note(me.patch(`/stock/${item.id}`, { shelf: "A4" }));
  await note(me.post(`/stock/${item.id}/adjust`, { by: -1, why: "Used in surgery" }));
  await note(me.delete(`/stock/${item.id}`));
}

async function changeStaff(me: Caller, note: Note): Promise<void> {
  const nora = {
    email: "nora@oakfield.example",
    name: "Nora Blom",
    role: "reception",
    password: SEED_PASSWORD,
  };
  const { data: member } = await note(me.post("/staff", nora));
  await note(me.patch(`/staff/${member.id}`, { role: "vet" }));
  await note(me.post("/auth/login", { email: nora.email, password: nora.password }));
  await note(me.delete(`/staff/${member.id}`));
  await note(me.patch("/me", { name: "Anna Visser-Blom" }));
}

/** The things that are ready a little later than the answer that promises them. */
async function waitForThings(me: Caller, note: Note): Promise<void> {
  const message = { clientId: MARIA, channel: "sms", message: "See you tomorrow at 9." };
  const { data: reminder } = await note(me.post("/reminders", message));
  const { data: job } = await note(me.post("/exports", { kind: "invoices" }));
  await untilStatus(me, `/reminders/${reminder.id}`, "sent");
  await untilStatus(me, `/exports/${job.id}`, "ready");
  await note(me.get(`/exports/${job.id}/file`));
  await note(me.get("/search?q=zaika"));
  await note(me.get("/reports/summary"));
}

async function untilStatus(me: Caller, path: string, status: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await me.get(path)).data.status === status) return;
    await sleep(20);
  }
  throw new Error(`${path} did not become ${status}.`);
}

async function refer(me: Caller, neighbour: Caller, note: Note): Promise<void> {
  const rex = { patientId: 103, toPracticeId: "harbour", reason: "Gastroscopy" };
  const { data: referral } = await note(me.post("/referrals", rex));
  await note(neighbour.post(`/referrals/${referral.id}/answer`, { answer: "accepted" }));
  await note(me.get(`/referrals/${referral.id}`));
  await note(me.get("/referrals?box=out"));
}
