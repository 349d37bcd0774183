import type { Operation } from "./api/operations.js";
import type { Resource } from "./api/resources.js";
import type { ApiCheck } from "./check-api.js";
import type { Planter } from "./planting/planter.js";
import type { Run } from "./run.js";

/** A whole API that is tried: its routes, and the means to create objects in it. */
export interface World {
  readonly options: ApiCheck;
  readonly run: Run;
  readonly baseUrl: string;
  readonly operations: readonly Operation[];
  readonly resources: readonly Resource[];
  readonly planter: Planter;
  readonly isReadOnly: boolean;
}
