import type { Probe } from "./probe.js";
import { contextBleed } from "./probes/context-bleed.js";
import { existenceOracle } from "./probes/existence-oracle.js";
import { list } from "./probes/list.js";
import { readById } from "./probes/read-by-id.js";
import { sharedCache } from "./probes/shared-cache.js";
import { tenantMissing } from "./probes/tenant-missing.js";
import { tenantOverride } from "./probes/tenant-override.js";

/** Those that change nothing, in the order in which they run: the loudest last. */
export const readingProbes: readonly Probe[] = [
  list,
  readById,
  tenantOverride,
  tenantMissing,
  sharedCache,
  existenceOracle,
  contextBleed,
];
