import type { RequestListener } from "node:http";
import { type Database, seededDatabase } from "./data/database.js";
import { listenerFor } from "./http/listener.js";
import { type Route, Router } from "./http/router.js";
import { appointmentRoutes } from "./routes/appointments.js";
import { attachmentRoutes } from "./routes/attachments.js";
import { authRoutes } from "./routes/auth.js";
import { catalogueRoutes } from "./routes/catalogue.js";
import { clientRoutes } from "./routes/clients.js";
import type { Clinic } from "./routes/clinic.js";
import { exportRoutes } from "./routes/exports.js";
import { invoiceRoutes } from "./routes/invoices.js";
import { patientRoutes } from "./routes/patients.js";
import { referralRoutes } from "./routes/referrals.js";
import { reminderRoutes } from "./routes/reminders.js";
import { reportRoutes } from "./routes/reports.js";
import { searchRoutes } from "./routes/search.js";
import { Sessions } from "./routes/sessions.js";
import { staffRoutes } from "./routes/staff.js";
import { stockRoutes } from "./routes/stock.js";
import { visitRoutes } from "./routes/visits.js";

export type Api = { listener: RequestListener; routes: Route[]; database: Database };

const ROUTE_GROUPS: ((clinic: Clinic) => void)[] = [
  authRoutes,
  catalogueRoutes,
  staffRoutes,
  clientRoutes,
  patientRoutes,
  visitRoutes,
  appointmentRoutes,
  invoiceRoutes,
  attachmentRoutes,
  stockRoutes,
  reminderRoutes,
  exportRoutes,
  referralRoutes,
  reportRoutes,
  searchRoutes,
];

/**
 * Pawchart, the records of several veterinary practices in one API, with its own seeded data.
 * `fixed: false` has the faults of `leaks.json`; `fixed: true` is the same code without them.
 */
export function createApi({ fixed }: { fixed: boolean }): Api {
  const database = seededDatabase();
  const router = new Router();
  const sessions = new Sessions(database);
  for (const addRoutes of ROUTE_GROUPS) addRoutes({ database, router, sessions, fixed });
  const listener = listenerFor(router, (token) => sessions.staffOf(token));
  return { listener, routes: router.routes, database };
}
