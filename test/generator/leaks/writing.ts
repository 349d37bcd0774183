import type { Resource } from "../description.js";
import {
  both,
  type Condition,
  hasGlobalIds,
  hasReference,
  isByHeader,
  isRoot,
  isShown,
  on,
  type Row,
  type Rows,
} from "./places.js";

const update: Row[] = [
  ["by id alone", on("update", isRoot, hasGlobalIds)],
  ["writes, then refuses", on("update", isRoot, hasGlobalIds)],
  ["action by id alone", on("action", isRoot, hasGlobalIds)],
];

const deletion: Row[] = [
  ["by id alone", on("delete", isRoot, hasGlobalIds, (each) => each.deletion === "hard")],
  ["soft, by id alone", on("delete", isRoot, hasGlobalIds, (each) => each.deletion === "soft")],
  ["deletes, then refuses", on("delete", isRoot, hasGlobalIds)],
];

const createIntoTenant: Row[] = [
  ["tenant of the body", on("create", isRoot)],
  ["tenant of the header", on("create", isRoot, (_, api) => isByHeader(api))],
  ["moved by an update", on("update", isRoot, hasGlobalIds)],
  // The new row hangs below B's parent: a foreign key, and a child through a parent, as well.
  [
    "below another tenant's parent",
    on("create", ({ parent }) => parent !== undefined && parent.idKind !== "tenant-serial"),
    "isolation/foreign-key-connect",
    "isolation/child-through-parent",
  ],
];

const foreignKeyConnect: Row[] = [
  ["on creation", on("create", hasReference("reference"), isShown)],
  ["on update", on("update", hasReference("reference"))],
  ["one of many", on("create", hasReference("references"), isShown)],
];

const isBulk = (kind: Resource["bulk"]) => both(hasGlobalIds, (each) => each.bulk === kind);
const bulk: Row[] = [
  ["update by ids alone", on("bulk", isBulk("update"))],
  ["delete by ids alone", on("bulk", isBulk("delete"))],
  ["get by ids alone", on("bulk", isBulk("get"))],
  ["checks the first id only", on("bulk", hasGlobalIds)],
];

const unique: Condition = ({ uniqueField }) => uniqueField !== undefined;
const uniqueConflict: Row[] = [
  ["409 over all tenants", on("create", isRoot, unique)],
  ["taken, says validation", on("create", isRoot, unique)],
  // A's creation writes over B's row: B reads a value that it did not write.
  ["upsert over all tenants", on("create", isRoot, unique, hasGlobalIds), "isolation/update"],
];

/** What writes open: changes, deletions, creations in another tenant, references, many at once, keys. */
export const writingLeaks: Rows = {
  "isolation/update": update,
  "isolation/delete": deletion,
  "isolation/create-into-tenant": createIntoTenant,
  "isolation/foreign-key-connect": foreignKeyConnect,
  "isolation/bulk": bulk,
  "isolation/unique-conflict": uniqueConflict,
};
