import { quoteIdentifier } from "../../adapters/sql-file.js";
import type { FindingDraft } from "../../findings/finding.js";
import type { Audited } from "../audited.js";
import { tableSubject } from "../audited-table.js";
import { defaultName, freeConstraintName } from "../remedies/names.js";
import { qualified } from "../tenant-source.js";

/** A scoped table whose tenant column may be null. */
export function nullableColumn({ tables }: Audited): FindingDraft[] {
  return tables.flatMap((audited) => {
    const { tenantColumn, table, registered } = audited;
    if (!audited.isScoped || !tenantColumn || tenantColumn.isNotNull) return [];
    const column = quoteIdentifier(tenantColumn.name);
    const check = quoteIdentifier(
      freeConstraintName(table, defaultName(table.name, [tenantColumn.name], "check")),
    );
    const isRequired = registered?.tenantField?.isRequired === true;
    return [
      {
        rule: "db/nullable-column" as const,
        subject: { ...tableSubject(audited, tenantColumn.name), column: tenantColumn.name },
        message: `${table.schema}.${table.name}.${tenantColumn.name} may be null${isRequired ? ", and the schema says that it is required" : ""}: a row without a tenant is possible`,
        remedy: `Fill the rows that have none, then set NOT NULL by way of a CHECK, which needs no long lock.${isRequired ? "" : " Make the field required in the Prisma schema, in the same migration."} If null means shared by design, suppress the rule with a reason.`,
        remedySteps: [
          `ALTER TABLE ${qualified(audited)} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID;`,
          `ALTER TABLE ${qualified(audited)} VALIDATE CONSTRAINT ${check};`,
          `ALTER TABLE ${qualified(audited)} ALTER COLUMN ${column} SET NOT NULL;`,
          `ALTER TABLE ${qualified(audited)} DROP CONSTRAINT ${check};`,
        ],
        evidence: {},
      },
    ];
  });
}
