import { type CatalogColumn, isUsable, tableSubject } from "../../../database/index.js";
import type { FindingDraft } from "../../../findings/finding.js";
import { grouped } from "../../../findings/numbers.js";
import { isHeld } from "../comparison.js";
import { shownTable, type UsageContext } from "../context.js";
import { servedKeys } from "../foreign-keys.js";
import { reorderIndex } from "../reorder-index.js";
import type { KnownIndex } from "../types.js";

/** Types whose columns are asked by ranges, so that what stands behind them in an index narrows nothing. */
const rangeTypes: ReadonlySet<string> = new Set(["timestamp", "timestamptz", "date", "time", "timetz"]);

/**
 * An index that has the tenant column behind another one and reads other tenants' entries for it: what leads
 * is asked by ranges, or has fewer values than there are tenants. Where what leads finds a few rows by itself
 * (a client's id, a number), nothing is said; nor where its table has the same columns behind the tenant in
 * another index, or it is there for a rule or a foreign key.
 */
export function missingTenantLead(context: UsageContext): FindingDraft[] {
  return context.indexes.flatMap((index) => {
    const tenant = index.owner.isScoped ? index.owner.tenantColumn : undefined;
    const lead = tenant && leadOf(index, tenant);
    if (!tenant || !lead || isExempt(index) || hasCounterpart(index, tenant.name, context)) return [];
    const why = reasonOf(lead, tenant);
    if (why === undefined) return [];
    const { name } = index.catalog;
    return [
      {
        rule: "index/missing-tenant-lead" as const,
        subject: {
          ...tableSubject(index.owner, tenant.name),
          table: index.table.name,
          index: name,
          column: tenant.name,
        },
        message: `index ${name} on ${shownTable(index)} leads with ${lead.name}, and ${tenant.name} stands behind it: ${why}, so a query of one tenant walks entries of all`,
        ...reorderIndex(context.audited, index, tenant.name),
        evidence: {
          definition: index.definition,
          leadingValues: lead.distinctValues === undefined ? null : Math.round(lead.distinctValues),
          tenants: tenant.distinctValues === undefined ? null : Math.round(tenant.distinctValues),
          scans: context.usage(index).scans,
        },
      },
    ];
  });
}

/** The column that leads, where the tenant's stands behind it among the keys. */
function leadOf({ catalog, owner }: KnownIndex, tenant: CatalogColumn): CatalogColumn | undefined {
  if (catalog.method !== "btree" || !isUsable(catalog)) return undefined;
  if (catalog.keyColumns.indexOf(tenant.name) < 1) return undefined;
  return owner.table.columns.find(({ name }) => name === catalog.keyColumns[0]);
}

function isExempt(index: KnownIndex): boolean {
  return index.catalog.isUnique || isHeld(index) || servedKeys(index).length > 0;
}

/** Another index that leads with the tenant and goes on with what leads here. */
function hasCounterpart({ table, catalog }: KnownIndex, tenant: string, { indexes }: UsageContext): boolean {
  return indexes.some(
    (other) =>
      other.table === table &&
      isUsable(other.catalog) &&
      other.catalog.predicate === catalog.predicate &&
      other.catalog.keyColumns[0] === tenant &&
      other.catalog.keyColumns[1] === catalog.keyColumns[0],
  );
}

function reasonOf(lead: CatalogColumn, tenant: CatalogColumn): string | undefined {
  if (rangeTypes.has(lead.baseType)) return `${lead.name} is a time, which is asked by ranges`;
  if (lead.baseType === "bool") return `${lead.name} has two values`;
  const [values, tenants] = [lead.distinctValues, tenant.distinctValues];
  if (values === undefined || tenants === undefined || values >= tenants) return undefined;
  return `${lead.name} has ${grouped(Math.round(values))} values, fewer than the ${grouped(Math.round(tenants))} of ${tenant.name}`;
}
