/** Singular and plural of what a business keeps; some plurals are no singular with an s. */
export const nouns: readonly (readonly [string, string])[] = [
  ["invoice", "invoices"],
  ["ticket", "tickets"],
  ["pet", "pets"],
  ["project", "projects"],
  ["task", "tasks"],
  ["client", "clients"],
  ["company", "companies"],
  ["delivery", "deliveries"],
  ["address", "addresses"],
  ["person", "people"],
  ["warehouse", "warehouses"],
  ["shelf", "shelves"],
  ["purchaseOrder", "purchaseOrders"],
  ["creditNote", "creditNotes"],
  ["staff", "staff"],
  ["analysis", "analyses"],
  ["branch", "branches"],
  ["contract", "contracts"],
  ["device", "devices"],
  ["vehicle", "vehicles"],
  ["appointment", "appointments"],
  ["recipe", "recipes"],
];

/** What all tenants may see alike. */
export const catalogueNouns: readonly (readonly [string, string])[] = [
  ["category", "categories"],
  ["country", "countries"],
  ["plan", "plans"],
  ["currency", "currencies"],
];

/** Texts that rows hold anyway; both tenants draw from them, so equal values prove nothing. */
export const phrases = [
  "Annual review",
  "Harbour crane, large",
  "Blue van",
  "Spring order",
  "Office move",
  "Follow up by phone",
  "Cold storage",
  "Second floor",
];

/** Data that looks like a refusal and is none. */
export const misleadingPhrases = [
  "Forbidden City guided tour",
  "Error budget for Q3",
  "Access denied: a novel",
  "Invalid parking permit, renewed",
  "404 Not Found Street",
  "Unauthorized biography",
];

/** What can be done to an object, and the status that it then has. */
export const actions: Readonly<Record<string, string>> = {
  close: "closed",
  approve: "approved",
  archive: "archived",
  cancel: "cancelled",
  publish: "published",
};

const upperLetters = /([A-Z])/g;

/** `purchaseOrder` to `purchase_order` or `purchase-order`. */
export function separated(name: string, separator: "_" | "-"): string {
  return name.replace(upperLetters, (letter) => `${separator}${letter.toLowerCase()}`);
}

export function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
