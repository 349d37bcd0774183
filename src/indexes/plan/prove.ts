import { type Query, QueryError, type Snapshot } from "../../adapters/postgres/snapshot.js";
import { quoteIdentifier } from "../../adapters/sql-file.js";
import type { Proof } from "./types.js";

/** From which version on EXPLAIN plans a statement whose values are not known. */
const genericPlan = 160_000;
const mostProbes = 3;

export interface Planner {
  readonly versionNumber: number;
  /** Schema of HypoPG. */
  readonly hypopg: string;
  /** Where tables are that a statement names without a schema. */
  readonly searchPath: string;
}

/** A statement that would build an index, and the statements that it is for. */
export interface Hypothesis {
  readonly statement: string;
  readonly probes: readonly string[];
}

/**
 * Asks the planner what statements cost without an index and with it. HypoPG makes it believe in the index, in
 * our session alone; nothing is built or run. Plans are generic: of statements whose values are not known.
 *
 * @returns for each hypothesis its proofs, or why the planner could not be asked
 */
export async function prove(
  snapshot: Snapshot,
  hypotheses: readonly Hypothesis[],
  planner: Planner,
): Promise<(Proof[] | string)[]> {
  const results: (Proof[] | string)[] = [];
  await snapshot.alone(async (query) => {
    for (const hypothesis of hypotheses) results.push(await proveOne(query, hypothesis, planner));
  });
  return results;
}

async function proveOne(
  query: Query,
  { statement, probes }: Hypothesis,
  planner: Planner,
): Promise<Proof[] | string> {
  const schema = quoteIdentifier(planner.hypopg);
  const proofs: Proof[] = [];
  let problem: string | undefined;
  for (const probe of probes.slice(0, mostProbes)) {
    try {
      const before = await planOf(query, probe, planner);
      const [made] = await query<{ name: string }>(
        `select h.indexname as name from ${schema}.hypopg_create_index($1) as h`,
        [statement],
      );
      const after = await planOf(query, probe, planner);
      const isUsed = after.text.includes(JSON.stringify(made!.name).slice(1, -1));
      proofs.push({ query: probe, before: before.cost, after: after.cost, isUsed });
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      problem = error.message;
    } finally {
      // A lost connection has forgotten it by itself.
      await query(`select ${schema}.hypopg_reset()`).catch(ignoreQueryError);
    }
  }
  return proofs.length ? proofs : (problem ?? "there is no statement to ask it by");
}

interface Plan {
  readonly cost: number;
  readonly text: string;
}

interface PlanRow {
  readonly "QUERY PLAN": readonly [{ readonly Plan: { readonly "Total Cost": number } }];
}

async function planOf(query: Query, probe: string, planner: Planner): Promise<Plan> {
  const settings = { search_path: planner.searchPath };
  if (planner.versionNumber >= genericPlan) {
    const [row] = await query<PlanRow & Record<string, unknown>>(
      `explain (generic_plan, format json) ${probe}`,
      [],
      settings,
    );
    return read(row!);
  }
  return preparedPlan(query, probe, settings);
}

/** The same before PostgreSQL 16: prepared, and planned without a look at the values, which are all null. */
async function preparedPlan(
  query: Query,
  probe: string,
  settings: Readonly<Record<string, string>>,
): Promise<Plan> {
  const numbers = [...probe.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
  const values = Array.from({ length: Math.max(0, ...numbers) }, () => "null").join(", ");
  await query(`prepare tenantctl_probe as ${probe}`, [], settings);
  try {
    const [row] = await query<PlanRow & Record<string, unknown>>(
      `explain (format json) execute tenantctl_probe${values ? `(${values})` : ""}`,
      [],
      { ...settings, plan_cache_mode: "force_generic_plan" },
    );
    return read(row!);
  } finally {
    await query("deallocate tenantctl_probe").catch(ignoreQueryError);
  }
}

function read(row: PlanRow): Plan {
  const [{ Plan }] = row["QUERY PLAN"];
  return { cost: Plan["Total Cost"], text: JSON.stringify(Plan) };
}

function ignoreQueryError(error: unknown): void {
  if (!(error instanceof QueryError)) throw error;
}
