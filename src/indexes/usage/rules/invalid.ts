import { type Audited, everyTable, invalidIndex } from "../../../database/index.js";
import type { FindingDraft } from "../../../findings/finding.js";

/** What `db/invalid-index` says of the application's tables, of every table of its schemas. */
export function invalid(audited: Audited): FindingDraft[] {
  return invalidIndex({ ...audited, tables: everyTable(audited) }).map((draft) => ({
    ...draft,
    rule: "index/invalid",
  }));
}
