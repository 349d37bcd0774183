import type { Reading } from "../../findings/distribution.js";

/** What is asked of the distribution. */
export interface DistributionOptions {
  /** Tables by name, `table` or `schema.table`; none is all of them. */
  readonly tables: readonly string[];
  /** Tenants to list per table. */
  readonly top: number;
  /** Sample pages in place of reading all rows. */
  readonly isEstimate: boolean;
  /** Measure each row in place of sharing the table's size by rows. */
  readonly measuresBytes: boolean;
  /** An earlier reading to compare with. */
  readonly earlier?: Reading | undefined;
}
