/** Times are ISO 8601 in UTC, days are `YYYY-MM-DD`, money is in euro cents. */

export type Stamped = { createdAt: string; updatedAt: string };

/** A row of one practice. A deleted row stays in the table with `deletedAt` set. */
export type PracticeRow = Stamped & { practiceId: string; deletedAt?: string };

export type Practice = Stamped & {
  id: string;
  name: string;
  city: string;
  phone: string;
  vatNumber: string;
  bankAccount: string;
};

export type Role = "manager" | "vet" | "reception";

export type StaffMember = PracticeRow & {
  id: number;
  email: string;
  name: string;
  role: Role;
  passwordHash: string;
};

export type Client = PracticeRow & {
  id: string;
  fullName: string;
  email: string;
  phone: string;
  address: { street: string; postcode: string; city: string };
  notes: string | null;
};

export const SPECIES = ["dog", "cat", "rabbit", "bird", "other"] as const;

export type Species = (typeof SPECIES)[number];

export type Patient = PracticeRow & {
  id: number;
  clientId: string;
  name: string;
  species: Species;
  breed: string | null;
  birthDate: string | null;
  microchip: string | null;
  weightKg: number | null;
  allergies: string[];
};

export type Visit = PracticeRow & {
  id: number;
  patientId: number;
  vetId: number;
  visitedAt: string;
  complaint: string;
  diagnosis: string | null;
  treatment: string | null;
  signedAt: string | null;
};

export type Appointment = PracticeRow & {
  id: string;
  patientId: number;
  vetId: number | null;
  startsAt: string;
  minutes: number;
  reason: string;
  status: "booked" | "checked_in" | "cancelled";
  cancelReason: string | null;
};

export type InvoiceLine = { description: string; quantity: number; unitCents: number };

export const PAYMENT_METHODS = ["cash", "card", "transfer"] as const;

export type Payment = {
  id: number;
  amountCents: number;
  method: (typeof PAYMENT_METHODS)[number];
  paidAt: string;
};

export type Invoice = PracticeRow & {
  number: string;
  clientId: string;
  status: "draft" | "issued" | "paid" | "void";
  dueOn: string;
  lines: InvoiceLine[];
  payments: Payment[];
};

export type Attachment = PracticeRow & {
  id: string;
  patientId: number;
  fileName: string;
  mediaType: string;
  content: Buffer;
  uploadedBy: number;
};

export type Medicine = {
  slug: string;
  name: string;
  substance: string;
  form: "tablet" | "injection" | "drops" | "ointment";
  species: Species[];
  prescriptionOnly: boolean;
};

export type StockItem = PracticeRow & {
  id: number;
  medicine: string;
  quantity: number;
  reorderLevel: number;
  shelf: string | null;
  expiresOn: string | null;
};

export type Reminder = PracticeRow & {
  id: string;
  clientId: string;
  channel: "sms" | "email";
  message: string;
  sentAt: string;
};

export type ExportJob = PracticeRow & {
  id: string;
  kind: "clients" | "invoices";
  requestedBy: number;
  readyAt: string;
};

/** Seen by two practices on purpose: the one that sends the patient and the one that is asked to treat it. */
export type Referral = Stamped & {
  id: string;
  fromPracticeId: string;
  toPracticeId: string;
  patientId: number;
  patient: { name: string; species: Species; breed: string | null };
  reason: string;
  status: "sent" | "accepted" | "declined";
};
