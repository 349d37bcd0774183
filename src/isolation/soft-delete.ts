import type { Exchange } from "./exchange.js";
import { leavesOf } from "./leaves.js";

/** An answer that says that its object is deleted: `deletedAt` with a date, `isDeleted: true`, such a status. */
export function isMarkedDeleted({ parsed: { json }, response }: Exchange): boolean {
  if (json === undefined) return response.body.trim() === "";
  return leavesOf(json).some(({ path, value }) => {
    if (/(deleted|archived|removed)_?(at|on)$/i.test(path)) return value !== "null" && value !== "";
    if (/(^|[._])(status|state)$/i.test(path)) return /^(deleted|removed|archived)$/i.test(value);
    return /(^|[._])(is_?)?(deleted|archived|removed)$/i.test(path) && value === "true";
  });
}
