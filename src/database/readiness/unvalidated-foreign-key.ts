import { quoteIdentifier } from "../../adapters/sql-file.js";
import type { FindingDraft } from "../../findings/finding.js";
import type { Audited } from "../audited.js";
import { tableSubject } from "../audited-table.js";
import type { CatalogForeignKey } from "../catalog/types.js";
import { isProof } from "../references.js";
import { qualified } from "../tenant-source.js";

/** A foreign key that says nothing of rows from before it, or of any: not valid, not enforced, switched off. */
export function unvalidatedForeignKey({ tables }: Audited): FindingDraft[] {
  return tables.flatMap((audited) =>
    audited.table.foreignKeys
      .filter((constraint) => !isProof(constraint))
      .map((constraint) => ({
        rule: "db/unvalidated-foreign-key" as const,
        subject: {
          ...tableSubject(audited),
          column: constraint.columns.join(", "),
          constraint: constraint.name,
          references: `${constraint.targetSchema}.${constraint.targetTable}.${constraint.targetColumns.join(", ")}`,
        },
        message: `foreign key ${constraint.name} of ${audited.table.schema}.${audited.table.name} ${whyUnsure(constraint)}`,
        ...remedyFor(constraint, qualified(audited)),
        evidence: {},
      })),
  );
}

function whyUnsure({ isDeclaredEnforced, hasDisabledTriggers }: CatalogForeignKey): string {
  if (!isDeclaredEnforced) return "is declared NOT ENFORCED: it checks nothing";
  return hasDisabledTriggers
    ? "has its triggers switched off: it checks nothing"
    : "is not validated: rows from before it may lack their parent";
}

/**
 * Validation alone where the constraint works. Else it is declared anew, NOT VALID, which takes a short lock
 * and no superuser, and then validated: enabling it in place would hold the table for the whole check, or not
 * check the rows that slipped in at all.
 */
function remedyFor(constraint: CatalogForeignKey, table: string) {
  const name = quoteIdentifier(constraint.name);
  const validate = `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`;
  const mend = "Mend the rows without a parent (tenantctl db orphans shows them)";
  if (constraint.isDeclaredEnforced && !constraint.hasDisabledTriggers) {
    return { remedy: `${mend}, then validate: it blocks nobody.`, remedySteps: [validate] };
  }
  const list = (columns: readonly string[]) => columns.map(quoteIdentifier).join(", ");
  const target = `${quoteIdentifier(constraint.targetSchema)}.${quoteIdentifier(constraint.targetTable)}`;
  const match = constraint.isMatchFull ? " MATCH FULL" : "";
  const anew = `ADD CONSTRAINT ${name} FOREIGN KEY (${list(constraint.columns)}) REFERENCES ${target} (${list(constraint.targetColumns)})${match} ON DELETE ${constraint.onDelete} ON UPDATE ${constraint.onUpdate} NOT VALID`;
  return {
    remedy: `${mend}, then declare the constraint anew and validate it.`,
    remedySteps: [`ALTER TABLE ${table} DROP CONSTRAINT ${name}, ${anew};`, validate],
  };
}
