/** Somebody tried to write under another tenant's, or another business unit's, id. */
export class ForeignTenantError extends Error {
  override name = "ForeignTenantError";
}

/** An id that does not exist, or belongs to somebody else: the caller can't tell which. */
export class ReferenceNotFoundError extends Error {
  override name = "ReferenceNotFoundError";
}

/** A query that the guard can't scope, and therefore does not run. */
export class UnguardedQueryError extends Error {
  override name = "UnguardedQueryError";
}
