import { project } from "../dataset.mjs";
import { alternate, check } from "../measure.mjs";

const shapes = [
  { name: "orphans, 1,000 tenants, index", schema: "indexed", limit: 1 / 20 },
  { name: "orphans, 1,000 of a million tenants have rows, index", schema: "million", limit: 1 / 20 },
  { name: "orphans, a million tenants have rows, index", schema: "spread", limit: 1.1 },
  { name: "orphans, 1,000 tenants, no index", schema: "bare", limit: 1.1 },
];

/** The tenant column's orphans against the plan's query (`NOT EXISTS`, counted). */
export const orphanCases = shapes.map(({ name, schema, limit }) => ({
  name,
  peer: "the plan's NOT EXISTS",
  limit,
  async run({ urlOf, session, rounds }) {
    const folder = project([{ name: "Child", table: "children" }]);
    let way = "";
    const ours = async () => {
      const { report, ownMs } = await check(["db", "orphans", "--jobs", "1"], folder, urlOf(schema));
      const scans = report.checks[0].facts.scanned.filter(({ what }) => what.startsWith("children."));
      const [finding] = report.checks[0].findings;
      if (finding?.evidence.rows !== 50) throw new Error(`found ${finding?.evidence.rows} of 50 orphans`);
      way = scans.map((scan) => scan.way).join(", then ");
      // The parents' table has a tenant column too: it is no part of this comparison.
      return schema === "indexed" || schema === "bare"
        ? scans.reduce((sum, scan) => sum + scan.durationMs, 0)
        : ownMs;
    };
    const plan = `select count(*)::int as orphans from ${schema}.children as a where not exists (select 1 from ${schema}.tenants as t where t.id = a."tenantId")`;
    return { ...(await alternate(rounds, ours, () => timed(session, plan, "orphans"))), way };
  },
}));

/** Time of a query that has to answer 50, the number of planted rows. */
export async function timed(session, sql, column) {
  const start = performance.now();
  const { rows } = await session.query(sql);
  if (rows[0][column] !== 50) throw new Error(`the peer counts ${rows[0][column]}, not 50`);
  return performance.now() - start;
}
