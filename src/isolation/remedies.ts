import type { RuleId } from "../findings/rules.js";

/** What mends each class, in a sentence or two; the rule's page has the rest. */
export const remedies: Readonly<Partial<Record<RuleId, string>>> = {
  "isolation/list":
    "Filter the list by the tenant of the token, below the route: in the guard that every query passes, with the model in the registry.",
  "isolation/read-by-id":
    "Look the object up by its id and the tenant of the token in one condition, and answer 404 or 403 where nothing is found.",
  "isolation/update":
    "Change it under one condition of its id and the tenant of the token (updateMany, or a guard that adds the tenant to every where), and answer 404 or 403 where nothing matched.",
  "isolation/delete":
    "Delete it under one condition of its id and the tenant of the token, and answer 404 or 403 where nothing matched; the same for a soft delete.",
  "isolation/create-into-tenant":
    "Set the tenant of a new row from the verified token, after whatever the body says; refuse a body or header that names another one.",
  "isolation/foreign-key-connect":
    "Look up each id of a body within the tenant before it is connected, and let a composite foreign key, (tenantId, clientId) to (tenantId, id), refuse the rest.",
  "isolation/nested-include":
    "Filter what is included by the tenant of the token at every level: in the guard, not in the route. What all tenants share must not bring along what only one has.",
  "isolation/child-through-parent":
    "Look the child up by its own id, its parent's and the tenant in one condition; that the parent is one's own says nothing of the child.",
  "isolation/bulk":
    "Filter the whole batch by the tenant of the token (where: { id: { in: ids }, tenantId }), and refuse it where fewer rows are found than ids were named.",
  "isolation/export":
    "Run the export under the tenant of the token like every other query, and sign the tenant, the object and an end date into each link.",
  "isolation/events":
    "Keep one channel a tenant, and check the tenant of an event against that of the subscriber before it is sent; let a job run in the context of the tenant that asked for it.",
  "isolation/sub-scope":
    "Look the unit up within the tenant of the token, and among those of the user, before anything uses it; answer 403 where it is not there.",
  "isolation/unique-conflict":
    "Let the unique key begin with the tenant, and look a row up by its key within the tenant before an upsert.",
  "isolation/filter-oracle":
    "Add the tenant to the condition of every relation that a filter reaches, or let filters reach the model's own columns only.",
  "isolation/aggregate":
    "Count and sum under the tenant of the token: aggregate, count and groupBy pass the guard like every other query; raw SQL does not.",
  "isolation/tenant-override":
    "Take the tenant from the verified token alone. A header or parameter may repeat it; where it says something else, answer 403.",
  "isolation/tenant-missing":
    "Refuse a request without a token with 401, and one whose tenant is missing, empty or named twice before any query runs: fail closed.",
  "isolation/shared-cache":
    "Put the tenant into the cache's key, or keep such answers out of shared caches: Cache-Control: private, no-store, and Vary on the header that holds the token.",
  "isolation/context-bleed":
    "Keep the tenant of a request in AsyncLocalStorage or hand it down as an argument; nothing of a request may stand in a module's variable or stay set on a pooled connection.",
  "isolation/error-text":
    "Answer refusals and errors with fixed texts; write what the database said to the log only.",
  "isolation/server-error":
    "Find the error in the application's log: an input that makes it fail should be refused with 400 or 403.",
  "isolation/existence-oracle":
    "Answer both alike: 404 for an object of another tenant as for one that does not exist.",
  "isolation/unexpected-denial":
    "Nothing leaked. Answer 403 where a request names another tenant, so that logs and alerts can tell an attempt from a mistake.",
};
