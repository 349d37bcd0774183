import { defaultName } from "../../database/index.js";

/**
 * The name for a proposed index: Prisma's own for one column; for more `<table>_<columns>_idx`, in which a
 * column that holds an id goes by what it points at (`tenantId` is `tenant`), and by its initials where that
 * is several words (`businessUnitId` is `bu`); other columns go by their words (`createdAt` is `created_at`).
 * Where two columns of one index would share a short form, both are written out.
 */
export function proposedName(table: string, columns: readonly string[]): string {
  if (columns.length === 1) return defaultName(table, columns, "idx");
  const short = columns.map(shortForm);
  const parts = short.map((form, at) => {
    const isShared = short.some((other, position) => position !== at && other === form);
    return isShared ? wordsOf(columns[at]!).join("_") : form;
  });
  return defaultName(table, parts, "idx");
}

function shortForm(column: string): string {
  const words = wordsOf(column);
  if (words.length < 2 || words.at(-1) !== "id") return words.join("_");
  const target = words.slice(0, -1);
  return target.length === 1 ? target[0]! : target.map((word) => word[0]).join("");
}

/** `businessUnitId`, `BusinessUnitID` and `business_unit_id` are the same three words. */
function wordsOf(column: string): string[] {
  const words = column
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  return words.length ? words : [column];
}
