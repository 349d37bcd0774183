import type { Database } from "./database.js";
import { hashPassword, SEED_PASSWORD } from "./password.js";
import type { Appointment, Client, Invoice, Medicine, Patient, Practice, Role, Visit } from "./rows.js";

const STAMP = { createdAt: "2025-09-01T08:00:00.000Z", updatedAt: "2025-09-01T08:00:00.000Z" };

const PRACTICES: Omit<Practice, "createdAt" | "updatedAt">[] = [
  {
    id: "oakfield",
    name: "Oakfield Vets",
    city: "Leiden",
    phone: "+31 71 555 0101",
    vatNumber: "NL001234567B01",
    bankAccount: "NL91OAKF0417164300",
  },
  {
    id: "harbour",
    name: "Harbour Animal Hospital",
    city: "Rotterdam",
    phone: "+31 10 555 0202",
    vatNumber: "NL007654321B01",
    bankAccount: "NL20HARB0123456789",
  },
  {
    id: "northgate",
    name: "Northgate Pet Care",
    city: "Groningen",
    phone: "+31 50 555 0303",
    vatNumber: "NL009988776B01",
    bankAccount: "NL55NRTH0987654321",
  },
];

const STAFF: [id: number, practiceId: string, first: string, name: string, role: Role][] = [
  [1, "oakfield", "anna", "Anna Visser", "manager"],
  [2, "oakfield", "bram", "Bram de Wit", "vet"],
  [3, "oakfield", "carla", "Carla Moreno", "reception"],
  [4, "harbour", "dirk", "Dirk Jansen", "manager"],
  [5, "harbour", "elif", "Elif Kaya", "vet"],
  [6, "harbour", "femke", "Femke Bos", "reception"],
  [7, "northgate", "gijs", "Gijs Hoekstra", "manager"],
];

/** Two practices have a client named Maria Lopez: two people, or one with two vets. */
const CLIENTS: [id: string, practiceId: string, fullName: string, email: string, street: string][] = [
  [
    "5b1f0c52-7d0e-4c39-9a55-0f6d2f6b1a01",
    "oakfield",
    "Maria Lopez",
    "maria.lopez@mail.example",
    "Rapenburg 12",
  ],
  ["8e4a6c1d-3f27-4b8a-8f0c-6a1b9d3c2e02", "oakfield", "Jan Smit", "jan.smit@mail.example", "Breestraat 40"],
  [
    "c0d9b7e3-91aa-4e65-b1d4-2e7f8a5c4b03",
    "oakfield",
    "Olga Petrova",
    "olga@petrova.example",
    "Haarlemmerweg 3",
  ],
  ["2f7e9a80-64b3-4d0f-a7c2-9b3e1d5f6c04", "harbour", "Maria Lopez", "m.lopez@post.example", "Wijnhaven 77"],
  ["a6d3e8f1-08c4-47b9-93e5-1c4f7b2a8d05", "harbour", "Tom Okafor", "tom@okafor.example", "Coolsingel 5"],
  [
    "e94b2d76-5c18-4a3e-8d60-7f5a3c9e1b06",
    "harbour",
    "Sanne Vos",
    "sanne.vos@post.example",
    "Nieuwe Binnenweg 210",
  ],
  ["13c8f5a9-b7d2-4f46-9e01-8d6c4b0a2f07", "northgate", "Piet Bakker", "piet@bakker.example", "Herestraat 9"],
];

const PATIENTS: [id: number, client: number, name: string, species: Patient["species"], breed: string][] = [
  [101, 0, "Bella", "dog", "Labrador"],
  [102, 0, "Mimi", "cat", "Siamese"],
  [103, 1, "Rex", "dog", "German Shepherd"],
  [104, 2, "Zaika", "rabbit", "Dwarf lop"],
  [105, 3, "Bella", "dog", "Beagle"],
  [106, 4, "Captain", "bird", "Grey parrot"],
  [107, 5, "Smokey", "cat", "British shorthair"],
  [108, 5, "Ash", "cat", "British shorthair"],
  [109, 6, "Wolf", "dog", "Stabij"],
];

const VISITS: [id: number, patientId: number, vetId: number, complaint: string, diagnosis: string][] = [
  [9001, 101, 2, "Limping on the left front leg", "Sprain of the carpus"],
  [9002, 101, 2, "Yearly vaccination", "Healthy"],
  [9003, 103, 2, "Does not eat", "Gastritis"],
  [9004, 105, 5, "Coughs at night", "Kennel cough"],
  [9005, 106, 5, "Plucks its feathers", "Stress after a move"],
  [9006, 107, 5, "Drinks a lot", "Chronic kidney disease, stage 2"],
  [9007, 109, 7, "Tick behind the ear", "Tick removed"],
];

const APPOINTMENTS: [id: string, patientId: number, vetId: number, startsAt: string, reason: string][] = [
  ["apt_7hq2m9x4kd", 101, 2, "2031-03-03T09:00:00.000Z", "Check of the carpus"],
  ["apt_b3w8r5t1zc", 102, 2, "2031-03-03T09:30:00.000Z", "Dental check"],
  ["apt_k9d4v7n2ps", 104, 2, "2031-03-04T14:00:00.000Z", "Nail trim"],
  ["apt_m2x6c8j5ya", 105, 5, "2031-03-03T09:00:00.000Z", "Second cough check"],
  ["apt_q5z1f3h9wb", 107, 5, "2031-03-05T10:15:00.000Z", "Kidney diet talk"],
  ["apt_t8g7l4e6ru", 108, 5, "2031-03-05T10:45:00.000Z", "Vaccination"],
  ["apt_w1p9s3u7oi", 109, 7, "2031-03-06T11:00:00.000Z", "Castration"],
];

const INVOICES: [
  number: string,
  client: number,
  status: Invoice["status"],
  what: string,
  unitCents: number,
][] = [
  ["INV-2001", 0, "issued", "X-ray of the front leg", 18450],
  ["INV-2002", 1, "paid", "Consult and blood test", 9725],
  ["INV-2003", 3, "issued", "Consult and cough medicine", 7680],
  ["INV-2004", 2, "draft", "Nail trim", 1650],
  ["INV-2005", 5, "issued", "Kidney panel", 21390],
  ["INV-2006", 4, "draft", "Behaviour consult", 6500],
  ["INV-2007", 6, "issued", "Tick removal", 2375],
];

const ATTACHMENTS: [id: string, patientId: number, fileName: string, text: string][] = [
  [
    "0d1c7f4e-2b6a-4e83-a5f9-3c8d6e1b7a11",
    101,
    "bella-xray-report.txt",
    "X-ray Bella (Labrador): no fracture seen.",
  ],
  ["4a9e2c85-f1d7-4036-8b2e-5d7f9a0c3b12", 103, "rex-blood.csv", "test,value\nALT,71\nCREA,88\n"],
  [
    "9f3b6d10-8e5c-4c72-b9a4-1e2d4f6a8c13",
    107,
    "smokey-kidney-panel.csv",
    "test,value\nCREA,241\nSDMA,24\nUPC,0.5\n",
  ],
  [
    "d7c5a2e8-603f-4b19-9d8c-7a4b1e3f5d14",
    106,
    "captain-behaviour.txt",
    "Owner moved house in May. Feather plucking since.",
  ],
];

const MEDICINES: Medicine[] = [
  {
    slug: "meloxicam-oral",
    name: "Meloxicam 1.5 mg/ml",
    substance: "meloxicam",
    form: "drops",
    species: ["dog", "cat"],
    prescriptionOnly: true,
  },
  {
    slug: "amoxiclav-250",
    name: "Amoxiclav 250 mg",
    substance: "amoxicillin/clavulanate",
    form: "tablet",
    species: ["dog", "cat"],
    prescriptionOnly: true,
  },
  {
    slug: "maropitant-inj",
    name: "Maropitant 10 mg/ml",
    substance: "maropitant",
    form: "injection",
    species: ["dog", "cat"],
    prescriptionOnly: true,
  },
  {
    slug: "fipronil-spot",
    name: "Fipronil spot-on",
    substance: "fipronil",
    form: "drops",
    species: ["dog", "cat"],
    prescriptionOnly: false,
  },
  {
    slug: "eye-ointment",
    name: "Soothing eye ointment",
    substance: "dexpanthenol",
    form: "ointment",
    species: ["dog", "cat", "rabbit", "bird"],
    prescriptionOnly: false,
  },
];

const STOCK: [id: number, practiceId: string, medicine: string, quantity: number, shelf: string][] = [
  [31, "oakfield", "meloxicam-oral", 24, "A1"],
  [32, "oakfield", "amoxiclav-250", 140, "A2"],
  [33, "harbour", "meloxicam-oral", 8, "Cold 3"],
  [34, "harbour", "maropitant-inj", 15, "Cold 1"],
  [35, "northgate", "fipronil-spot", 60, "Front"],
];

/** Fills the empty tables. */
export function seed(database: Database): void {
  for (const practice of PRACTICES) database.practices.insert({ ...practice, ...STAMP });
  seedStaff(database);
  seedClients(database);
  seedPatients(database);
  seedVisits(database);
  seedAppointments(database);
  seedInvoices(database);
  seedAttachments(database);
  for (const medicine of MEDICINES) database.medicines.insert(medicine);
  seedStock(database);
  seedMessages(database);
}

function seedStaff(database: Database): void {
  const passwordHash = hashPassword(SEED_PASSWORD);
  for (const [id, practiceId, first, name, role] of STAFF) {
    const email = `${first}@${practiceId}.example`;
    database.staff.insert({ id, practiceId, email, name, role, passwordHash, ...STAMP });
  }
}

function seedClients(database: Database): void {
  for (const [index, [id, practiceId, fullName, email, street]] of CLIENTS.entries()) {
    const city = database.practices.get(practiceId)!.city;
    const client: Client = {
      id,
      practiceId,
      fullName,
      email,
      phone: `+31 6 1234 560${index}`,
      address: { street, postcode: `23${index}1 AB`, city },
      notes: index % 2 === 0 ? `Prefers a call after ${15 + (index % 4)}:00.` : null,
      ...STAMP,
    };
    database.clients.insert(client);
  }
}

function seedPatients(database: Database): void {
  for (const [id, client, name, species, breed] of PATIENTS) {
    const [clientId, practiceId] = CLIENTS[client]!;
    database.patients.insert({
      id,
      practiceId,
      clientId,
      name,
      species,
      breed,
      birthDate: `20${10 + (id % 13)}-04-${10 + (id % 17)}`,
      microchip: species === "bird" ? null : `52821000${id * 7919}`,
      weightKg: Math.round(id * 1.7) / 10,
      allergies: id % 4 === 1 ? ["penicillin"] : [],
      ...STAMP,
    });
  }
}

function practiceOfPatient(database: Database, patientId: number): string {
  return database.patients.get(patientId)!.practiceId;
}

function seedVisits(database: Database): void {
  for (const [id, patientId, vetId, complaint, diagnosis] of VISITS) {
    const visit: Visit = {
      id,
      practiceId: practiceOfPatient(database, patientId),
      patientId,
      vetId,
      visitedAt: `2025-10-${id - 8990}T10:20:00.000Z`,
      complaint,
      diagnosis,
      treatment: null,
      signedAt: id % 2 === 0 ? "2025-10-20T17:00:00.000Z" : null,
      ...STAMP,
    };
    database.visits.insert(visit);
  }
}

function seedAppointments(database: Database): void {
  for (const [id, patientId, vetId, startsAt, reason] of APPOINTMENTS) {
    const appointment: Appointment = {
      id,
      practiceId: practiceOfPatient(database, patientId),
      patientId,
      vetId,
      startsAt,
      minutes: 20,
      reason,
      status: "booked",
      cancelReason: null,
      ...STAMP,
    };
    database.appointments.insert(appointment);
  }
}

function seedInvoices(database: Database): void {
  for (const [number, client, status, description, unitCents] of INVOICES) {
    const [clientId, practiceId] = CLIENTS[client]!;
    database.invoices.insert({
      number,
      practiceId,
      clientId,
      status,
      dueOn: "2025-12-31",
      lines: [{ description, quantity: 1, unitCents }],
      payments:
        status === "paid"
          ? [{ id: 1, amountCents: unitCents, method: "card", paidAt: "2025-10-12T12:00:00.000Z" }]
          : [],
      ...STAMP,
    });
  }
}

function seedAttachments(database: Database): void {
  for (const [id, patientId, fileName, text] of ATTACHMENTS) {
    database.attachments.insert({
      id,
      practiceId: practiceOfPatient(database, patientId),
      patientId,
      fileName,
      mediaType: fileName.endsWith(".csv") ? "text/csv" : "text/plain",
      content: Buffer.from(text),
      uploadedBy: practiceOfPatient(database, patientId) === "oakfield" ? 2 : 5,
      ...STAMP,
    });
  }
}

function seedStock(database: Database): void {
  for (const [id, practiceId, medicine, quantity, shelf] of STOCK) {
    const expiresOn = "2027-06-30";
    database.stock.insert({
      id,
      practiceId,
      medicine,
      quantity,
      reorderLevel: 10,
      shelf,
      expiresOn,
      ...STAMP,
    });
  }
}

function seedMessages(database: Database): void {
  for (const [index, client] of [0, 3, 6].entries()) {
    const [clientId, practiceId] = CLIENTS[client]!;
    database.reminders.insert({
      id: `rem-${index + 1}`,
      practiceId,
      clientId,
      channel: "sms",
      message: "Time for the yearly vaccination.",
      sentAt: "2025-10-01T09:00:00.000Z",
      ...STAMP,
    });
  }
  const smokey = database.patients.get(107)!;
  database.referrals.insert({
    id: "71e0b9d4-c35a-4f28-86bd-0a9e5c2d7f21",
    fromPracticeId: "harbour",
    toPracticeId: "oakfield",
    patientId: smokey.id,
    patient: { name: smokey.name, species: smokey.species, breed: smokey.breed },
    reason: "Ultrasound of the kidneys",
    status: "sent",
    ...STAMP,
  });
}
