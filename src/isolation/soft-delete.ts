import type { Exchange } from "./exchange.js";

/** An answer that says that its object is deleted: `deletedAt` with a date, `isDeleted: true`, such a status. */
export function isMarkedDeleted({ parsed: { json, leaves }, response }: Exchange): boolean {
  if (json === undefined) return response.body.trim() === "";
  return leaves.some(({ path, value }) => {
    if (/(deleted|archived|removed)_?(at|on)$/i.test(path)) return value !== "null" && value !== "";
    if (/(^|[._])(status|state)$/i.test(path)) return /^(deleted|removed|archived)$/i.test(value);
    return /(^|[._])(is_?)?(deleted|archived|removed)$/i.test(path) && value === "true";
  });
}
