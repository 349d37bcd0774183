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
      .map((constraint) => {
        const { why, remedy, step } = explain(constraint, qualified(audited));
        return {
          rule: "db/unvalidated-foreign-key" as const,
          subject: {
            ...tableSubject(audited),
            column: constraint.columns.join(", "),
            constraint: constraint.name,
            references: `${constraint.targetSchema}.${constraint.targetTable}.${constraint.targetColumns.join(", ")}`,
          },
          message: `foreign key ${constraint.name} of ${audited.table.schema}.${audited.table.name} ${why}`,
          remedy,
          remedySteps: [step],
          evidence: {},
        };
      }),
  );
}

function explain({ name, isDeclaredEnforced, hasDisabledTriggers }: CatalogForeignKey, table: string) {
  const constraint = quoteIdentifier(name);
  if (!isDeclaredEnforced) {
    return {
      why: "is declared NOT ENFORCED: it checks nothing",
      remedy: "Mend the rows without a parent, then enforce it.",
      step: `ALTER TABLE ${table} ALTER CONSTRAINT ${constraint} ENFORCED;`,
    };
  }
  if (hasDisabledTriggers) {
    return {
      why: "has its triggers switched off: it checks nothing",
      remedy:
        "Switch the triggers on again, then look for rows without a parent (tenantctl db orphans --deep).",
      step: `ALTER TABLE ${table} ENABLE TRIGGER ALL;`,
    };
  }
  return {
    why: "is not validated: rows from before it may lack their parent",
    remedy:
      "Mend the rows without a parent (tenantctl db orphans shows them), then validate: it blocks nobody.",
    step: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint};`,
  };
}
