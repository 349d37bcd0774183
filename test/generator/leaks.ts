import type { GeneratedApi, LeakRule, Resource } from "./description.js";
import { type Operation, type OperationKind, operationsOf, routeOf } from "./operations.js";

/** Where a fault would sit in one API. */
interface Place {
  readonly resource: string | undefined;
  readonly routes: readonly string[];
}

/** One way in which real applications leak by one class. The server has its code, under the same words. */
export interface LeakVariant {
  readonly rule: LeakRule;
  readonly variant: string;
  /** None where the API lacks the feature. */
  readonly places: (api: GeneratedApi) => readonly Place[];
  readonly alsoAcceptable: readonly LeakRule[];
}

type Condition = (resource: Resource, api: GeneratedApi) => boolean;
const always: Condition = () => true;
/** Ids that count per tenant name another object for each tenant: by such an id nothing of B's can be asked for. */
const hasGlobalIds: Condition = ({ idKind }) => idKind !== "tenant-serial";
const isRoot: Condition = ({ parent }) => parent === undefined;
const isNested: Condition = ({ parent, idKind }) => parent !== undefined && idKind !== "tenant-serial";
const both =
  (...conditions: Condition[]): Condition =>
  (resource, api) =>
    conditions.every((condition) => condition(resource, api));

/** One place for each operation of a kind: the fault of a single handler. */
function on(kind: OperationKind, condition: Condition = always) {
  return (api: GeneratedApi): Place[] =>
    operationsOf(api)
      .filter((each) => each.kind === kind && (!each.resource || condition(each.resource, api)))
      .map((each) => ({ resource: each.resource?.singular, routes: [routeOf(each)] }));
}

/** One place for each resource that has operations of these kinds: a fault that shows on several routes. */
function across(kinds: readonly OperationKind[], condition: Condition = always) {
  return (api: GeneratedApi): Place[] =>
    api.resources
      .filter((resource) => condition(resource, api))
      .map((resource) => ({
        resource: resource.singular,
        routes: routesWhere(api, (each) => each.resource === resource && kinds.includes(each.kind)),
      }))
      .filter(({ routes }) => routes.length > 0);
}

/** One place, the whole API: the fault of what all requests pass. */
function everywhere(
  condition: (api: GeneratedApi) => boolean,
  chosen: (operation: Operation) => boolean = () => true,
) {
  return (api: GeneratedApi): Place[] =>
    condition(api) ? [{ resource: undefined, routes: routesWhere(api, chosen) }] : [];
}

function routesWhere(api: GeneratedApi, chosen: (operation: Operation) => boolean): string[] {
  return operationsOf(api).filter(chosen).map(routeOf);
}

const hasReference = (kind: "reference" | "references") => (resource: Resource, api: GeneratedApi) =>
  resource.fields.some(
    (field) =>
      field.kind === kind &&
      api.resources.some(({ singular, idKind }) => singular === field.target && idKind !== "tenant-serial"),
  );
const hasTotals = (api: GeneratedApi) => api.envelope !== "array";
const refuses = (api: GeneratedApi) => api.denial.status !== 200;
const isByPath = (api: GeneratedApi) => api.tenancy.by === "path";
const isByHeader = (api: GeneratedApi) => api.tenancy.by === "header";
const isShown: Condition = ({ creation }) => creation.answers !== "location";

type Row = [string, LeakVariant["places"], ...LeakRule[]];

const list: Row[] = [
  ["no tenant in the query", on("list", isRoot)],
  [
    "no tenant in the search",
    on(
      "list",
      both(isRoot, ({ search }) => search),
    ),
  ],
  [
    "no tenant where a field is filtered by",
    on(
      "list",
      both(
        isRoot,
        ({ filters, fields }) => filters !== undefined && fields.some(({ kind }) => kind === "enum"),
      ),
    ),
  ],
  [
    "no tenant after the first page",
    on(
      "list",
      both(isRoot, ({ rowsPerTenant }, api) => api.pagination !== "none" && rowsPerTenant > api.pageSize),
    ),
  ],
  [
    "no tenant where the list is sorted",
    on(
      "list",
      both(isRoot, ({ sorts }) => sorts),
    ),
  ],
];

const readById: Row[] = [
  ["by id alone", on("read", both(isRoot, hasGlobalIds))],
  ["history by id alone", on("history", both(isRoot, hasGlobalIds))],
  ["lookup by a key alone", on("lookup")],
  // The path's parent is B's too; nobody asks whose it is.
  [
    "through the owner's own parent",
    on(
      "read",
      both(isNested, (each) => hasGlobalIds(each.parent!, undefined!)),
    ),
  ],
];

const tenantOverride: Row[] = [
  // One middleware serves writing too, so a creation with B's header ends up in B.
  ["header wins over the token", everywhere(isByHeader), "isolation/create-into-tenant"],
  ["path wins over the token", everywhere(isByPath), "isolation/create-into-tenant"],
  [
    "query wins over the token",
    across(
      ["list", "read"],
      both(isRoot, (_, api) => !isByPath(api)),
    ),
  ],
];

const update: Row[] = [
  ["by id alone", on("update", both(isRoot, hasGlobalIds))],
  ["writes, then refuses", on("update", both(isRoot, hasGlobalIds))],
  ["action by id alone", on("action", both(isRoot, hasGlobalIds))],
];

const deletion: Row[] = [
  [
    "by id alone",
    on(
      "delete",
      both(isRoot, hasGlobalIds, (each) => each.deletion === "hard"),
    ),
  ],
  [
    "soft, by id alone",
    on(
      "delete",
      both(isRoot, hasGlobalIds, (each) => each.deletion === "soft"),
    ),
  ],
  ["deletes, then refuses", on("delete", both(isRoot, hasGlobalIds))],
];

const createIntoTenant: Row[] = [
  ["tenant of the body", on("create", isRoot)],
  [
    "tenant of the header",
    on(
      "create",
      both(isRoot, (_, api) => isByHeader(api)),
    ),
  ],
  ["moved by an update", on("update", both(isRoot, hasGlobalIds))],
  // The new row hangs below B's parent: a foreign key, and a child through a parent, as well.
  [
    "below another tenant's parent",
    on(
      "create",
      both(({ parent }) => parent !== undefined && parent.idKind !== "tenant-serial"),
    ),
    "isolation/foreign-key-connect",
    "isolation/child-through-parent",
  ],
];

const foreignKeyConnect: Row[] = [
  ["on creation", on("create", both(hasReference("reference"), isShown))],
  ["on update", on("update", hasReference("reference"))],
  ["one of many", on("create", both(hasReference("references"), isShown))],
];

const nestedInclude: Row[] = [
  [
    "everything of a shared category",
    across(
      ["list", "read"],
      both(isRoot, (each) => each.includes && each.hasCategory),
    ),
  ],
  [
    "related by a value",
    across(
      ["list", "read"],
      both(isRoot, (each) => each.includes && each.fields.some(({ kind }) => kind === "enum")),
    ),
  ],
  [
    // Both tenants have a parent number 1: the join names the number alone.
    "children by a number that both tenants have",
    across(
      ["list", "read"],
      both(
        isRoot,
        (each, api) =>
          each.includes &&
          each.idKind === "tenant-serial" &&
          api.resources.some(({ parent }) => parent === each),
      ),
    ),
  ],
];

const childThroughParent: Row[] = [
  ["read", on("read", isNested)],
  // What happens to B's child is an update or a deletion, only by another way in.
  ["update", on("update", isNested), "isolation/update"],
  ["delete", on("delete", isNested), "isolation/delete"],
  // B's parent in the path, and its list: without A's parent it is a read by id as well.
  [
    "children of another tenant's parent",
    on(
      "list",
      both(({ parent }) => parent !== undefined && parent.idKind !== "tenant-serial"),
    ),
    "isolation/read-by-id",
    "isolation/list",
  ],
];

const aggregate: Row[] = [
  ["counts of all tenants", on("stats")],
  ["sum over all tenants", sumPlaces],
  [
    "total of a list over all tenants",
    on(
      "list",
      both(isRoot, (_, api) => hasTotals(api)),
    ),
  ],
];

function sumPlaces(api: GeneratedApi): Place[] {
  const hasNumber = api.resources.some(({ fields }) => fields.some(({ kind }) => kind === "number"));
  return hasNumber ? on("stats")(api) : [];
}

const filterOracle: Row[] = [
  [
    "total of the search over all tenants",
    on(
      "list",
      both(isRoot, ({ search }, api) => search && hasTotals(api)),
    ),
  ],
  ["filter on a relation of any tenant", on("list", both(isRoot, relationIsFiltered))],
  [
    "404 unless any tenant has it",
    on(
      "list",
      both(isRoot, ({ search }) => search),
    ),
  ],
  // "Taken" says the same as a conflict on creation does.
  ["availability over all tenants", on("availability"), "isolation/unique-conflict"],
];

function relationIsFiltered({ filters, fields }: Resource): boolean {
  return filters !== undefined && fields.some(({ kind }) => kind === "reference");
}

const existenceOracle: Row[] = [
  [
    "403 against 404",
    on(
      "read",
      both(isRoot, hasGlobalIds, (_, api) => api.denial.status === 404),
    ),
  ],
  [
    "another body",
    on(
      "read",
      both(isRoot, hasGlobalIds, (_, api) => refuses(api) && api.denial.body === "json"),
    ),
  ],
  [
    "403 against 404 on update",
    on(
      "update",
      both(isRoot, hasGlobalIds, (_, api) => api.denial.status === 404),
    ),
  ],
];

const unique: Condition = ({ uniqueField }) => uniqueField !== undefined;
const uniqueConflict: Row[] = [
  ["409 over all tenants", on("create", both(isRoot, unique))],
  ["taken, says validation", on("create", both(isRoot, unique))],
  // A's creation writes over B's row: B reads a value that it did not write.
  ["upsert over all tenants", on("create", both(isRoot, unique, hasGlobalIds)), "isolation/update"],
];

const isBulk = (kind: Resource["bulk"]) => both(hasGlobalIds, (each) => each.bulk === kind);
const bulk: Row[] = [
  ["update by ids alone", on("bulk", isBulk("update"))],
  ["delete by ids alone", on("bulk", isBulk("delete"))],
  ["get by ids alone", on("bulk", isBulk("get"))],
  ["checks the first id only", on("bulk", hasGlobalIds)],
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

const notByPath: Condition = (_, api) => !isByPath(api);
const sharedCache: Row[] = [
  // Seen from outside, a plain list with B's rows in it is a list with B's rows in it.
  ["list by its URL", on("list", both(isRoot, notByPath)), "isolation/list"],
  [
    "list by its path, whatever the query",
    on(
      "list",
      both(isRoot, notByPath, (_, api) => api.pagination === "none"),
    ),
    "isolation/list",
  ],
  ["object by its URL", on("read", both(isRoot, notByPath, hasGlobalIds)), "isolation/read-by-id"],
];

const tenantMissing: Row[] = [
  ["no token, list", on("list", isRoot)],
  ["no token, object", on("read", both(isRoot, hasGlobalIds))],
  [
    "no header",
    on(
      "list",
      both(isRoot, (_, api) => isByHeader(api)),
    ),
  ],
  [
    "empty header",
    on(
      "list",
      both(isRoot, (_, api) => isByHeader(api)),
    ),
  ],
  [
    "the last of several headers",
    on(
      "list",
      both(isRoot, (_, api) => isByHeader(api)),
    ),
  ],
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

// What is told of an object that is there is not told of one that is not, so each is an existence oracle too.
const errorText: Row[] = [
  [
    "refusal names the object",
    on(
      "read",
      both(isRoot, hasGlobalIds, (_, api) => refuses(api)),
    ),
    "isolation/existence-oracle",
  ],
  [
    "refusal names the owner",
    on(
      "read",
      both(isRoot, hasGlobalIds, (_, api) => refuses(api)),
    ),
    "isolation/existence-oracle",
  ],
  [
    "refused change names the object",
    across(
      ["update", "delete"],
      both(isRoot, hasGlobalIds, (_, api) => refuses(api)),
    ),
    "isolation/existence-oracle",
  ],
  [
    "refused reference names its target",
    on("create", hasReference("reference")),
    "isolation/existence-oracle",
  ],
];

const isUnit: Condition = both(isRoot, (each) => each.isUnitScoped);
const subScope: Row[] = [
  ["unit of another tenant", across(["list", "read"], both(isUnit, hasGlobalIds))],
  ["another unit of the tenant", across(["list", "read"], isUnit)],
  // The unit decides the tenant, so the row is created in B.
  ["creation in a unit of another tenant", on("create", isUnit), "isolation/create-into-tenant"],
];

const rows: Readonly<Record<LeakRule, Row[]>> = {
  "isolation/list": list,
  "isolation/read-by-id": readById,
  "isolation/tenant-override": tenantOverride,
  "isolation/update": update,
  "isolation/delete": deletion,
  "isolation/create-into-tenant": createIntoTenant,
  "isolation/foreign-key-connect": foreignKeyConnect,
  "isolation/nested-include": nestedInclude,
  "isolation/child-through-parent": childThroughParent,
  "isolation/aggregate": aggregate,
  "isolation/filter-oracle": filterOracle,
  "isolation/existence-oracle": existenceOracle,
  "isolation/unique-conflict": uniqueConflict,
  "isolation/bulk": bulk,
  "isolation/export": exportRows,
  "isolation/shared-cache": sharedCache,
  "isolation/tenant-missing": tenantMissing,
  "isolation/context-bleed": contextBleed,
  "isolation/events": events,
  "isolation/error-text": errorText,
  "isolation/sub-scope": subScope,
};

/** Every class in each of its ways. */
export const leakVariants: readonly LeakVariant[] = (Object.keys(rows) as LeakRule[]).flatMap((rule) =>
  rows[rule].map(([variant, places, ...alsoAcceptable]) => ({ rule, variant, places, alsoAcceptable })),
);
