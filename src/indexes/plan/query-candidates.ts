import { loadSqlParser } from "../../adapters/sql-parser.js";
import {
  type Audited,
  type AuditedTable,
  everyTable,
  shapeOf,
  storedName,
  type TableUse,
  tablesByName,
  tableUses,
} from "../../database/index.js";
import type { Candidate, CostlyQuery, SortedColumn } from "./types.js";

/** Keys of an index beyond that cost more than they find. */
const mostKeys = 4;
/** The planner reads smaller tables whole, whatever their indexes. */
const fewestRows = 1000;

/** What costly statements ask of the application's tables, an index for each. */
export async function queryCandidates(
  audited: Audited,
  queries: readonly CostlyQuery[],
): Promise<Candidate[]> {
  if (queries.length === 0) return [];
  const parser = await loadSqlParser();
  const findTable = tablesByName(audited.catalog, audited.application.defaultSchema);
  const owners = new Map(everyTable(audited).map((owner) => [owner.table.id, owner]));
  return queries.flatMap((query) => {
    // What asks no rows, or can't be read, wants no index.
    const shape = shapeOf(parser, query.text, findTable);
    return (shape ? tableUses(shape) : []).flatMap(
      (use) => candidateOf(owners.get(use.source.table?.id ?? ""), use, query) ?? [],
    );
  });
}

/**
 * The index that answers one use best: what is asked by value first, then what the first rows are sorted by,
 * else one range. The tenant comes before the unit, those before others; of these the column with the most
 * values first, so that shorter questions can use it too.
 */
function candidateOf(
  owner: AuditedTable | undefined,
  use: TableUse,
  query: CostlyQuery,
): Candidate | undefined {
  if (!owner?.table.isAnalysed || owner.table.estimatedRows < fewestRows) return undefined;
  const { columns, kind } = owner.table;
  if (kind !== "table" && kind !== "partitioned") return undefined;
  const known = (name: string) => columns.some((column) => column.name === name);
  const equal = use.equal.filter(known).sort(byUse(owner)).slice(0, mostKeys);
  const room = mostKeys - equal.length;
  const sorted: SortedColumn[] = (use.hasLimit ? use.order : [])
    .filter(({ column }) => known(column) && !equal.includes(column))
    .map(({ column, isDescending }) => ({ column, descending: isDescending }));
  const ranged = use.range
    .filter((name) => known(name) && !equal.includes(name))
    .map((column) => ({ column, descending: false }));
  // A range before the sorted columns would end their order.
  const behind = sorted.length > 0 ? sorted : ranged.slice(0, 1);
  if (equal.length + behind.length === 0) return undefined;
  const fits = behind.length <= room ? behind : [];
  if (equal.length + fits.length === 0) return undefined;
  return {
    owner,
    equal,
    sorted: normalized(fits),
    reasons: [{ kind: "query", text: reasonOf(equal, fits), query }],
    probes: [query.text],
  };
}

function reasonOf(equal: readonly string[], sorted: readonly SortedColumn[]): string {
  const asked = equal.length ? `asks for ${equal.join(", ")}` : "";
  const order = sorted.length ? `goes on by ${sorted.map(({ column }) => column).join(", ")}` : "";
  return `a statement ${[asked, order].filter(Boolean).join(" and ")}`;
}

function byUse({ tenantColumn, registered, table }: AuditedTable) {
  const units = new Set(registered?.subScopes.map(({ field }) => storedName(field.column)) ?? []);
  const rank = (name: string) => (name === tenantColumn?.name ? 0 : units.has(name) ? 1 : 2);
  const values = (name: string) => table.columns.find((column) => column.name === name)?.distinctValues ?? 0;
  return (left: string, right: string) =>
    rank(left) - rank(right) || values(right) - values(left) || (left < right ? -1 : 1);
}

/** An index is read both ways, so one that is sorted downwards throughout is the same sorted upwards. */
function normalized(sorted: readonly SortedColumn[]): readonly SortedColumn[] {
  return sorted.every(({ descending }) => descending)
    ? sorted.map((each) => ({ ...each, descending: false }))
    : sorted;
}
