import * as v from "valibot";
import type { Reminder } from "../data/rows.js";
import { ownRow, rowsOf, stampNow } from "../data/table.js";
import { numberedPage, readBody, text, uuid } from "../http/input.js";
import { invalid } from "../http/problem.js";
import { accepted, ok } from "../http/reply.js";
import type { Clinic } from "./clinic.js";

/** How long a reminder stays queued, in milliseconds. */
const SENDING_TAKES = 200;

const NewReminder = v.object({ clientId: uuid, channel: v.picklist(["sms", "email"]), message: text(300) });

export function reminderRoutes({ database, router }: Clinic): void {
  router.get("/reminders", ({ me, query }) => {
    const { rows, page } = numberedPage(rowsOf(database.reminders, me.practiceId), query);
    return ok(rows.map(present), page);
  });

  router.post("/reminders", ({ me, body }) => {
    const fields = readBody(NewReminder, body);
    if (!rowsOf(database.clients, me.practiceId).some((row) => row.id === fields.clientId))
      throw invalid("clientId", "no such client");
    const reminder = database.reminders.insert({
      id: `rem-${database.reminders.rows.length + 1}`,
      practiceId: me.practiceId,
      ...fields,
      sentAt: new Date(Date.now() + SENDING_TAKES).toISOString(),
      ...stampNow(),
    });
    return accepted(`/reminders/${reminder.id}`, present(reminder));
  });

  router.get("/reminders/{id}", ({ me, params }) => ok(present(ownRow(database.reminders, params.id!, me))));
}

/** A reminder is queued until its sending time has come. */
function present({ practiceId, deletedAt, sentAt, ...reminder }: Reminder) {
  const sent = Date.parse(sentAt) <= Date.now();
  return { ...reminder, status: sent ? "sent" : "queued", sentAt: sent ? sentAt : null };
}
