import type { Field, Model } from "../schema/types.js";

/** A second level inside a tenant, such as a business unit. */
export interface SubScope {
  readonly model: Model;
  /** Name of the Prisma field that points at it. */
  readonly column: string;
}

/** What the words "tenant" and "tenant column" mean in one application. */
export interface Tenancy {
  readonly model: Model;
  /** Name of the Prisma field that points at the tenant, in the models that have one. */
  readonly column: string;
  /** The tenant's own key that the column holds: its id, as a rule. */
  readonly key: Field;
  readonly subScopes: readonly SubScope[];
  /** How the above is known: config, options, or the inference with its numbers. */
  readonly basis: string;
}
