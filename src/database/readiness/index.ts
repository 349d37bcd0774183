import type { FindingDraft } from "../../findings/finding.js";
import type { Audited } from "../audited.js";
import { foreignKeys } from "./foreign-keys.js";
import { invalidIndex } from "./invalid-index.js";
import { missingColumn } from "./missing-column.js";
import { missingIndex } from "./missing-index.js";
import { missingTable } from "./missing-table.js";
import { nullableColumn } from "./nullable-column.js";
import { schemaDrift } from "./schema-drift.js";
import { unmappedTable } from "./unmapped-table.js";
import { unvalidatedForeignKey } from "./unvalidated-foreign-key.js";

/** The rules that catalogs alone decide. */
const readinessRules: readonly ((audited: Audited) => FindingDraft[])[] = [
  missingTable,
  missingColumn,
  missingIndex,
  invalidIndex,
  foreignKeys,
  nullableColumn,
  unvalidatedForeignKey,
  unmappedTable,
  schemaDrift,
];

/** Every finding that the catalogs prove. Pure: no row is read. */
export function judgeReadiness(audited: Audited): FindingDraft[] {
  return readinessRules.flatMap((rule) => rule(audited));
}
