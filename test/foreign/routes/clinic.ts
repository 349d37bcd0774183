import type { Database } from "../data/database.js";
import type { Role, StaffMember } from "../data/rows.js";
import { forbidden } from "../http/problem.js";
import type { Router } from "../http/router.js";
import type { Sessions } from "./sessions.js";

/** What every group of routes is given. `fixed` closes the faults that `leaks.json` lists. */
export type Clinic = { database: Database; router: Router; sessions: Sessions; fixed: boolean };

/** 403 unless the caller has one of the roles. */
export function requireRole(me: StaffMember, ...roles: Role[]): void {
  if (!roles.includes(me.role)) throw forbidden(`This is for: ${roles.join(", ")}.`);
}
