import type { GeneratedApi, Resource } from "../description.js";
import {
  across,
  both,
  type Condition,
  hasGlobalIds,
  hasReference,
  hasTotals,
  isRoot,
  on,
  type Place,
  type Row,
  type Rows,
  refuses,
} from "./places.js";

const aggregate: Row[] = [
  ["counts of all tenants", on("stats")],
  ["sum over all tenants", sumPlaces],
  ["total of a list over all tenants", on("list", isRoot, (_, api) => hasTotals(api))],
];

function sumPlaces(api: GeneratedApi): Place[] {
  const hasNumber = api.resources.some(({ fields }) => fields.some(({ kind }) => kind === "number"));
  return hasNumber ? on("stats")(api) : [];
}
const filterOracle: Row[] = [
  ["total of the search over all tenants", on("list", isRoot, ({ search }, api) => search && hasTotals(api))],
  ["filter on a relation of any tenant", on("list", isRoot, relationIsFiltered)],
  ["404 unless any tenant has it", on("list", isRoot, ({ search }) => search)],
  // "Taken" says the same as a conflict on creation does.
  ["availability over all tenants", on("availability"), "isolation/unique-conflict"],
];

function relationIsFiltered({ filters, fields }: Resource): boolean {
  return filters !== undefined && fields.some(({ kind }) => kind === "reference");
}
const existenceOracle: Row[] = [
  ["403 against 404", on("read", isRoot, hasGlobalIds, (_, api) => api.denial.status === 404)],
  ["another body", on("read", isRoot, hasGlobalIds, (_, api) => refuses(api) && api.denial.body === "json")],
  ["403 against 404 on update", on("update", isRoot, hasGlobalIds, (_, api) => api.denial.status === 404)],
];

// What is told of an object that is there is not told of one that is not, so each is an existence oracle too.
const errorText: Row[] = [
  [
    "refusal names the object",
    on("read", isRoot, hasGlobalIds, (_, api) => refuses(api)),
    "isolation/existence-oracle",
  ],
  [
    "refusal names the owner",
    on("read", isRoot, hasGlobalIds, (_, api) => refuses(api)),
    "isolation/existence-oracle",
  ],
  [
    "refused change names the object",
    across(["update", "delete"], isRoot, hasGlobalIds, (_, api) => refuses(api)),
    "isolation/existence-oracle",
  ],
  [
    // One function looks at the references of a creation and of a change.
    "refused reference names its target",
    across(["create", "update"], hasReference("reference")),
    "isolation/existence-oracle",
  ],
];

const isUnit: Condition = both(isRoot, (each) => each.isUnitScoped);
const subScope: Row[] = [
  ["unit of another tenant", across(["list", "read"], isUnit, hasGlobalIds)],
  ["another unit of the tenant", across(["list", "read"], isUnit)],
  // The unit decides the tenant, so the row is created in B.
  ["creation in a unit of another tenant", on("create", isUnit), "isolation/create-into-tenant"],
];

/** What answers tell without a row of B's in them: figures, differences, texts of refusals; and units inside a tenant. */
export const figuresLeaks: Rows = {
  "isolation/aggregate": aggregate,
  "isolation/filter-oracle": filterOracle,
  "isolation/existence-oracle": existenceOracle,
  "isolation/error-text": errorText,
  "isolation/sub-scope": subScope,
};
