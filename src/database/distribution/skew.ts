import type { TableDistribution } from "../../findings/distribution.js";
import type { FindingDraft } from "../../findings/finding.js";
import type { AuditedTable } from "../audited-table.js";
import { tableSubject } from "../audited-table.js";

/** From which share on one tenant decides how a table behaves. */
const largeShare = 0.5;
/** In small tables, and with few tenants, a share says nothing. */
const fewRows = 10_000;
const fewTenants = 5;

/** `db/tenant-skew`: one tenant has most of the rows, so averages and the planner's guesses mislead. */
export function tenantSkew(table: AuditedTable, distribution: TableDistribution): FindingDraft[] {
  const { rows, topShare, tenants, tenantsWithRows, basis } = distribution;
  const [largest] = [...tenants].sort((left, right) => right.rows - left.rows);
  const number = tenantsWithRows ?? tenants.length;
  if (!largest || topShare === null || topShare < largeShare || rows < fewRows || number < fewTenants)
    return [];
  // Of an estimate, only what its bounds leave no doubt of.
  const leastShare = (largest.low ?? largest.rows) / (rows + (distribution.rowsError ?? 0));
  if (leastShare < largeShare) return [];
  const { schema, name } = table.table;
  return [
    {
      rule: "db/tenant-skew",
      subject: tableSubject(table, table.tenantColumn?.name),
      message: `one tenant has ${percent(topShare)} of the rows of ${schema}.${name}`,
      remedy:
        "Nothing is wrong with the rows. Test with this tenant's numbers, watch its queries apart from the others', and think of a partition or a partial index of its own before it gets slow.",
      evidence: {
        rows: largest.rows,
        ...(basis === "estimate" ? { estimated: true } : {}),
        share: topShare,
        tenants: [{ tenant: largest.tenant, rows: largest.rows }],
        basis,
      },
    },
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
