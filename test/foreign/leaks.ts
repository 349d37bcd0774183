import type { Caller } from "./caller.js";

/** Rows of Harbour Animal Hospital, the practice that is robbed. */
export const HARBOUR = {
  client: "a6d3e8f1-08c4-47b9-93e5-1c4f7b2a8d05",
  patient: 107,
  visit: 9006,
  appointment: "apt_q5z1f3h9wb",
  otherAppointment: "apt_t8g7l4e6ru",
  issuedInvoice: "INV-2003",
  draftInvoice: "INV-2006",
  attachment: "9f3b6d10-8e5c-4c72-b9a4-1e2d4f6a8c13",
  stock: 33,
  staff: 5,
  reminder: "rem-2",
  referral: "71e0b9d4-c35a-4f28-86bd-0a9e5c2d7f21",
};

/** A patient of each practice that can be the parent in a nested address. */
const OWN_PATIENT: Record<string, number> = { oakfield: 101, harbour: HARBOUR.patient };

/** Whether the caller gets at Harbour's row; `owner` is Harbour's manager, who sees what happened to it. */
type Reach = (caller: Caller, owner: Caller) => Promise<boolean>;

/** One attempt for each entry of `leaks.json`. */
export const REACHES: Record<string, Reach> = {
  "GET /patients/{id}": async (caller) => {
    const { data } = await caller.get(`/patients/${HARBOUR.patient}`);
    return data?.name === "Smokey";
  },

  "PATCH /clients/{id}": async (caller, owner) => {
    await caller.patch(`/clients/${HARBOUR.client}`, { phone: "+31 6 0000 0000" });
    const { data } = await owner.get(`/clients/${HARBOUR.client}`);
    return data.phone === "+31 6 0000 0000";
  },

  "DELETE /attachments/{id}": async (caller, owner) => {
    const { status } = await caller.delete(`/attachments/${HARBOUR.attachment}`);
    if (status !== 204) throw new Error(`A delete answers 204 in any case, not ${status}.`);
    return (await owner.get(`/attachments/${HARBOUR.attachment}`)).status === 404;
  },

  "GET /attachments/{id}/content": async (caller) => {
    const { status, text } = await caller.get(`/attachments/${HARBOUR.attachment}/content`);
    return status === 200 && text.includes("CREA,241");
  },

  "GET /clients": async (caller) => {
    const { data } = await caller.get("/clients?practiceId=harbour");
    return data?.some(({ id }: { id: string }) => id === HARBOUR.client) ?? false;
  },

  "GET /patients/{patientId}/visits/{visitId}": async (caller) => {
    const parent = OWN_PATIENT[caller.practiceId];
    const { data } = await caller.get(`/patients/${parent}/visits/${HARBOUR.visit}`);
    return data?.diagnosis === "Chronic kidney disease, stage 2";
  },

  "POST /appointments": async (caller) => {
    const { data } = await caller.post("/appointments", {
      patientId: HARBOUR.patient,
      startsAt: "2032-01-05T09:00:00Z",
      reason: "Look in",
    });
    return data?.client.fullName === "Sanne Vos";
  },

  "POST /stock": async (caller, owner) => {
    await caller.post("/stock", {
      medicine: "eye-ointment",
      quantity: 77,
      shelf: "smuggled",
      practiceId: "harbour",
    });
    const { data } = await owner.get("/stock");
    return data.some(({ shelf }: { shelf: string }) => shelf === "smuggled");
  },

  "POST /appointments/bulk-cancel": async (caller, owner) => {
    await caller.post("/appointments/bulk-cancel", { ids: [HARBOUR.appointment], reason: "Closed" });
    const { data } = await owner.get(`/appointments/${HARBOUR.appointment}`);
    return data.status === "cancelled";
  },

  "GET /search": async (caller) => {
    const { data } = await caller.get("/search?q=smokey");
    return data.some(({ id }: { id: number }) => id === HARBOUR.patient);
  },

  "GET /reports/summary": async (caller, owner) => {
    const before = (await caller.get("/reports/summary")).data.outstandingCents;
    await owner.post(`/invoices/${HARBOUR.draftInvoice}/issue`);
    const after = (await caller.get("/reports/summary")).data.outstandingCents;
    return after !== before;
  },

  "POST /invoices/{number}/void": async (caller, owner) => {
    await caller.post(`/invoices/${HARBOUR.issuedInvoice}/void`);
    const { data } = await owner.get(`/invoices/${HARBOUR.issuedInvoice}`);
    return data.status === "void";
  },
};
