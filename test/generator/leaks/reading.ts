import {
  across,
  everywhere,
  hasGlobalIds,
  isByHeader,
  isByPath,
  isNested,
  isRoot,
  on,
  type Row,
  type Rows,
} from "./places.js";

const list: Row[] = [
  // The same query counts the total, so that counts B's rows too.
  ["no tenant in the query", on("list", isRoot), "isolation/aggregate"],
  // Searching for B's words finds B's rows: that answers whether B has them as well.
  ["no tenant in the search", on("list", isRoot, ({ search }) => search), "isolation/filter-oracle"],
  [
    "no tenant where a field is filtered by",
    on(
      "list",
      isRoot,
      ({ filters, fields }) => filters !== undefined && fields.some(({ kind }) => kind === "enum"),
    ),
  ],
  [
    "no tenant after the first page",
    on("list", isRoot, ({ rowsPerTenant }, api) => api.pagination !== "none" && rowsPerTenant > api.pageSize),
  ],
  ["no tenant where the list is sorted", on("list", isRoot, ({ sorts }) => sorts)],
];

const readById: Row[] = [
  ["by id alone", on("read", isRoot, hasGlobalIds)],
  ["history by id alone", on("history", isRoot, hasGlobalIds)],
  ["lookup by a key alone", on("lookup")],
  // The path's parent is B's too; nobody asks whose it is.
  ["through the owner's own parent", on("read", isNested, (each) => hasGlobalIds(each.parent!, undefined!))],
];

const tenantOverride: Row[] = [
  // One middleware serves writing too, so a creation with B's header ends up in B.
  ["header wins over the token", everywhere(isByHeader), "isolation/create-into-tenant"],
  ["path wins over the token", everywhere(isByPath), "isolation/create-into-tenant"],
  ["query wins over the token", across(["list", "read"], isRoot, (_, api) => !isByPath(api))],
];

const tenantMissing: Row[] = [
  ["no token, list", on("list", isRoot)],
  ["no token, object", on("read", isRoot, hasGlobalIds)],
  ["no header", on("list", isRoot, (_, api) => isByHeader(api))],
  ["empty header", on("list", isRoot, (_, api) => isByHeader(api))],
  ["the last of several headers", on("list", isRoot, (_, api) => isByHeader(api))],
];

const nestedInclude: Row[] = [
  [
    "everything of a shared category",
    across(["list", "read"], isRoot, (each) => each.includes && each.hasCategory),
  ],
  [
    "related by a value",
    across(
      ["list", "read"],
      isRoot,
      (each) => each.includes && each.fields.some(({ kind }) => kind === "enum"),
    ),
  ],
  [
    // Both tenants have a parent number 1: the join names the number alone.
    "children by a number that both tenants have",
    across(
      ["list", "read"],
      isRoot,
      (each, api) =>
        each.includes &&
        each.idKind === "tenant-serial" &&
        api.resources.some(({ parent }) => parent === each),
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
    on("list", ({ parent }) => parent !== undefined && parent.idKind !== "tenant-serial"),
    "isolation/read-by-id",
    "isolation/list",
  ],
];

/** What reads open: lists, objects, includes, children, and requests that name no tenant or another. */
export const readingLeaks: Rows = {
  "isolation/list": list,
  "isolation/read-by-id": readById,
  "isolation/tenant-override": tenantOverride,
  "isolation/tenant-missing": tenantMissing,
  "isolation/nested-include": nestedInclude,
  "isolation/child-through-parent": childThroughParent,
};
