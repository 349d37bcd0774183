import { quoteIdentifier } from "../../adapters/sql-file.js";
import type { FindingDraft } from "../../findings/finding.js";
import type { Audited } from "../audited.js";
import { type AuditedTable, tableSubject } from "../audited-table.js";
import type { CatalogForeignKey } from "../catalog/types.js";
import { isSound } from "../references.js";
import { redeclareForeignKey } from "../remedies/foreign-key.js";
import type { Remedy } from "../remedies/remedy.js";
import { qualified } from "../tenant-source.js";

/** A foreign key that says nothing of rows from before it, or of any: not valid, not enforced, switched off. */
export function unvalidatedForeignKey(audited: Audited): FindingDraft[] {
  return audited.tables.flatMap((owner) =>
    owner.table.foreignKeys
      .filter((constraint) => !isSound(constraint))
      .map((constraint) => ({
        rule: "db/unvalidated-foreign-key" as const,
        subject: {
          ...tableSubject(owner, constraint.columns[0]),
          column: constraint.columns.join(", "),
          constraint: constraint.name,
          references: `${constraint.targetSchema}.${constraint.targetTable}.${constraint.targetColumns.join(", ")}`,
        },
        message: `foreign key ${constraint.name} of ${owner.table.schema}.${owner.table.name} ${whyUnsure(constraint)}`,
        ...remedyFor(audited, owner, constraint),
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

/** Validation alone where the constraint works, else a new declaration. */
function remedyFor(audited: Audited, owner: AuditedTable, constraint: CatalogForeignKey): Remedy {
  const mend = "Mend the rows without a parent (tenantctl db orphans shows them)";
  if (constraint.isDeclaredEnforced && !constraint.hasDisabledTriggers) {
    const validate = `ALTER TABLE ${qualified(owner)} VALIDATE CONSTRAINT ${quoteIdentifier(constraint.name)};`;
    return { remedy: `${mend}, then validate: it blocks nobody.`, remedySteps: [validate] };
  }
  return {
    remedy: `${mend}, then declare the constraint anew and validate it.`,
    remedySteps: redeclareForeignKey(audited, owner, constraint),
  };
}
