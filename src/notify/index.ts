export { notifyCheck } from "./check.js";
export { type GivenChannel, notifyAll } from "./notify.js";
export { placeholders } from "./text.js";
export type { Announcement, Channel, Delivery } from "./types.js";
