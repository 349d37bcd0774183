import type { GeneratedApi } from "../description.js";
import type { Operation, OperationKind } from "../operations.js";
import {
  type Condition,
  everywhere,
  hasGlobalIds,
  isByPath,
  isRoot,
  on,
  type Row,
  type Rows,
} from "./places.js";

const notByPath: Condition = (_, api) => !isByPath(api);
const sharedCache: Row[] = [
  // Seen from outside, a plain list with B's rows in it is a list with B's rows in it.
  ["list by its URL", on("list", isRoot, notByPath), "isolation/list"],
  [
    "list by its path, whatever the query",
    on("list", isRoot, notByPath, (_, api) => api.pagination === "none"),
    "isolation/list",
  ],
  ["object by its URL", on("read", isRoot, notByPath, hasGlobalIds), "isolation/read-by-id"],
];

// A rate limit would keep requests from meeting.
const isUnlimited = (api: GeneratedApi) => api.noise.rateLimit === 0;
const readsOnly = ({ kind }: Operation) => kind === "list" || kind === "read";
const contextBleed: Row[] = [
  ["tenant in a variable of the module", everywhere(isUnlimited, readsOnly)],
  ["connection keeps the tenant", everywhere(isUnlimited, readsOnly)],
  // An answer in flight that two share is a cache of a few milliseconds.
  [
    "requests in flight share an answer",
    everywhere(
      (api) => isUnlimited(api) && !isByPath(api),
      ({ kind }) => kind === "list",
    ),
    "isolation/shared-cache",
  ],
];

const jobRoutes = (...kinds: OperationKind[]) =>
  everywhere(
    (api) => api.hasExportJobs,
    ({ kind }) => kinds.includes(kind),
  );
const exportRows: Row[] = [
  ["csv of every tenant", on("export")],
  ["job of every tenant", jobRoutes("export-job", "export-file")],
  ["file by the job's id alone", jobRoutes("export-file")],
  // No token at all: that is "tenant-missing", of a file.
  ["file without a token", jobRoutes("export-file"), "isolation/tenant-missing"],
  // The link is handed out for B's object by its id.
  ["link by id alone", on("download-link", hasGlobalIds), "isolation/read-by-id"],
];

const events: Row[] = [
  ["stream of every tenant", on("events")],
  ["stream replays every tenant's", on("events")],
  [
    "webhooks of every tenant",
    everywhere(
      (api) => api.hasWebhooks,
      ({ kind }) => kind === "webhook-create",
    ),
  ],
];

/** What flows by itself, or is kept for later: caches, shared contexts, exports, events. */
export const flowsLeaks: Rows = {
  "isolation/shared-cache": sharedCache,
  "isolation/context-bleed": contextBleed,
  "isolation/export": exportRows,
  "isolation/events": events,
};
