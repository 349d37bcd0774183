import { quoteIdentifier } from "../../adapters/sql-file.js";
import type { FindingDraft } from "../../findings/finding.js";
import type { Audited } from "../audited.js";
import { type AuditedTable, tableSubject } from "../audited-table.js";
import type { CatalogForeignKey } from "../catalog/types.js";
import { restrictDelete } from "../remedies/foreign-key.js";
import { defaultName, freeConstraintName } from "../remedies/names.js";
import { migratedName, prismaSide } from "../remedies/remedy.js";
import { qualified } from "../tenant-source.js";

/** A scoped table whose tenant column may be null. */
export function nullableColumn(all: Audited): FindingDraft[] {
  return all.tables.flatMap((audited) => {
    const { tenantColumn, table, registered } = audited;
    if (!audited.isScoped || !tenantColumn || tenantColumn.isNotNull) return [];
    const column = quoteIdentifier(tenantColumn.name);
    const check = quoteIdentifier(
      freeConstraintName(table, defaultName(table.name, [tenantColumn.name], "check")),
    );
    const isRequired = registered?.tenantField?.isRequired === true;
    const emptied = table.foreignKeys.filter((constraint) => empties(audited, constraint));
    const restricted = emptied.map((constraint) => restrictDelete(all, audited, constraint));
    return [
      {
        rule: "db/nullable-column" as const,
        subject: { ...tableSubject(audited, tenantColumn.name), column: tenantColumn.name },
        message: `${table.schema}.${table.name}.${tenantColumn.name} may be null${isRequired ? ", and the schema says that it is required" : ""}: a row without a tenant is possible`,
        remedy: `Fill the rows that have none, then set NOT NULL by way of a CHECK, which needs no long lock.${restricted.length ? ` ${emptied.map(({ name }) => name).join(", ")} would still empty the column where a parent is deleted: let it restrict that, as Prisma does for a required field.` : ""}${isRequired ? "" : " Make the field required in the Prisma schema, in the same migration."} If null means shared by design, suppress the rule with a reason.`,
        remedySteps: [
          `ALTER TABLE ${qualified(audited)} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID;`,
          `ALTER TABLE ${qualified(audited)} VALIDATE CONSTRAINT ${check};`,
          `ALTER TABLE ${qualified(audited)} ALTER COLUMN ${column} SET NOT NULL;`,
          `ALTER TABLE ${qualified(audited)} DROP CONSTRAINT ${check};`,
          ...restricted.flatMap(({ steps }) => steps),
        ],
        ...(registered
          ? prismaSide(
              isRequired ? [] : [{ model: registered.model.name, change: requiredFields(audited) }],
              [
                `ALTER TABLE ${migratedName(audited)} ALTER COLUMN ${column} SET NOT NULL;`,
                ...restricted.map(({ migration }) => migration),
              ],
            )
          : {}),
        evidence: {},
      },
    ];
  });
}

/** A constraint that sets the tenant column to null, with no other column beside it that may be null. */
function empties({ table, tenantColumn }: AuditedTable, { columns, onDelete }: CatalogForeignKey): boolean {
  const others = columns.filter((name) => name !== tenantColumn!.name);
  const isNotNull = (name: string) =>
    table.columns.find((column) => column.name === name)?.isNotNull === true;
  return onDelete === "SET NULL" && columns.includes(tenantColumn!.name) && others.every(isNotNull);
}

/** The tenant field and the relations over it. */
function requiredFields({ registered }: AuditedTable): string[] {
  const { model, tenantField } = registered!;
  const name = tenantField?.name;
  const relations = model.relations.filter(({ fields }) => fields.length === 1 && fields[0] === name);
  return [
    ...(name === undefined ? [] : [`${name}: required, without ?`]),
    ...relations.map(({ field }) => `${field}: required, without ? or any onDelete: SetNull`),
  ];
}
