import { type Audited, keyHeldBy } from "../audited.js";
import { type AuditedTable, hiddenReason, isReadable } from "../audited-table.js";
import { areOfDifferentKinds, columnOf } from "../expression.js";
import { ancestorsOf, ownerOf, tenantSources } from "../tenant-source.js";
import { distinctReferences } from "./lookup.js";
import { planReferenceScan, type ReferenceQuestion } from "./reference-scan.js";
import type { Proven, Scan, ScanPlan, Unseen } from "./scan.js";
import { planTenantScan } from "./tenant-scan.js";

export interface ScanQuestion extends ReferenceQuestion {
  /** Rows without a tenant, or with one that does not exist, in tables with a tenant column. */
  readonly tenants: boolean;
}

/** Everything that has to be read to answer a question, and what needs no reading. Pure. */
export function planScans(audited: Audited, question: ScanQuestion): ScanPlan {
  const sources = tenantSources(audited);
  const scans: Scan[] = [];
  const proven: Proven[] = [];
  const unseen: Unseen[] = [];
  const addScan = (scan: Scan, tables: readonly AuditedTable[]) => {
    const reason = hiddenReason(tables);
    if (reason === undefined) scans.push(scan);
    else unseen.push({ checks: scan.checks, title: scan.title, reason });
  };
  if (question.tenants && audited.tenants && audited.tenantKey) {
    for (const table of audited.tables.filter((each) => each.tenantColumn && isReadable(each))) {
      const mismatch = kindMismatch(audited, table);
      if (mismatch) {
        unseen.push({
          checks: ["orphans"],
          title: `${table.table.name}.${table.tenantColumn!.name}`,
          reason: mismatch,
        });
        continue;
      }
      const planned = planTenantScan(audited, table, question.deep);
      if ("by" in planned) proven.push(planned);
      else addScan(planned, [table, audited.tenants]);
    }
  }
  for (const reference of distinctReferences(audited.references, sources)) {
    const { child, parent, columns } = reference;
    const childSource = ownerOf(audited, child, sources);
    const parentSource = sources.get(parent.table.id);
    if (!childSource || !(parentSource || parent.isTenant)) continue;
    if (!isReadable(child) || !isReadable(parent)) continue;
    if (parent.isTenant && columns.join() === child.tenantColumn?.name) continue;
    const tables = [
      child,
      parent,
      ...ancestorsOf(childSource),
      ...(parentSource ? ancestorsOf(parentSource) : []),
    ];
    const planned = planReferenceScan(reference, childSource, parentSource, question);
    proven.push(...planned.proven);
    if (planned.scan) addScan(planned.scan, tables);
  }
  scans.sort((left, right) => right.cost - left.cost);
  return { scans, proven, unseen };
}

/** A tenant column of a kind that no tenant's key can be compared with. */
function kindMismatch(audited: Audited, owner: AuditedTable): string | undefined {
  const { table, tenantColumn } = owner;
  const key = keyHeldBy(audited, owner)!;
  const isOther = areOfDifferentKinds(
    columnOf("c", table, tenantColumn!.name),
    columnOf("p", audited.tenants!.table, key.name),
  );
  if (!isOther) return undefined;
  return `${table.schema}.${table.name}.${tenantColumn!.name} is ${tenantColumn!.type}, the tenants' key ${key.type}: they can't be compared`;
}
