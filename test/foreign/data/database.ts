import type {
  Appointment,
  Attachment,
  Client,
  ExportJob,
  Invoice,
  Medicine,
  Patient,
  Practice,
  Referral,
  Reminder,
  StaffMember,
  StockItem,
  Visit,
} from "./rows.js";
import { seed } from "./seed.js";
import { Table } from "./table.js";

export type Database = ReturnType<typeof emptyDatabase>;

export function emptyDatabase() {
  return {
    practices: new Table<Practice, string>((row) => row.id),
    staff: new Table<StaffMember, number>((row) => row.id),
    clients: new Table<Client, string>((row) => row.id),
    patients: new Table<Patient, number>((row) => row.id),
    visits: new Table<Visit, number>((row) => row.id),
    appointments: new Table<Appointment, string>((row) => row.id),
    invoices: new Table<Invoice, string>((row) => row.number),
    attachments: new Table<Attachment, string>((row) => row.id),
    medicines: new Table<Medicine, string>((row) => row.slug),
    stock: new Table<StockItem, number>((row) => row.id),
    reminders: new Table<Reminder, string>((row) => row.id),
    exports: new Table<ExportJob, string>((row) => row.id),
    referrals: new Table<Referral, string>((row) => row.id),
  };
}

/** A new database with three practices in it. */
export function seededDatabase(): Database {
  const database = emptyDatabase();
  seed(database);
  return database;
}
