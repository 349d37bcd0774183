import { randomBytes } from "node:crypto";
import type { Database } from "../data/database.js";
import type { StaffMember } from "../data/rows.js";

/** How long a token is good for, in seconds. */
export const TOKEN_SECONDS = 8 * 60 * 60;

/** Who holds which token; the practice follows from the member of staff. */
export class Sessions {
  private readonly database: Database;
  private readonly open = new Map<string, { staffId: number; endsAt: number }>();

  constructor(database: Database) {
    this.database = database;
  }

  start(staffId: number): string {
    const token = randomBytes(24).toString("base64url");
    this.open.set(token, { staffId, endsAt: Date.now() + TOKEN_SECONDS * 1000 });
    return token;
  }

  end(token: string): void {
    this.open.delete(token);
  }

  /** The member of staff who logged in with this token, if it is still good. */
  staffOf(token: string): StaffMember | undefined {
    const session = this.open.get(token);
    if (session === undefined || session.endsAt < Date.now()) return undefined;
    const member = this.database.staff.get(session.staffId);
    return member?.deletedAt === undefined ? member : undefined;
  }
}
