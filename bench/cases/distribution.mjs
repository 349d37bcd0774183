import { project } from "../dataset.mjs";
import { alternate, check } from "../measure.mjs";

const rowsOf = ({ report }) => report.checks[0].facts.tables.find(({ table }) => table === "children");

/** Rows per tenant of five million, against the plan's query and against a plain count of them. */
export const distributionCases = [
  {
    name: "distribution, exact",
    peer: "the plan's query (join, then group)",
    limit: 0.5,
    async run({ urlOf, session, rounds, rows }) {
      const folder = project([{ name: "Child", table: "children" }]);
      const ours = async () => {
        const result = await check(["db", "distribution"], folder, urlOf("indexed"));
        if (rowsOf(result).rows !== rows) throw new Error(`counted ${rowsOf(result).rows} of ${rows}`);
        return rowsOf(result).durationMs;
      };
      const plan =
        'select t.name as tenant_name, count(*) from indexed.children as a join indexed.tenants as t on a."tenantId" = t.id group by t.id, t.name order by t.name';
      return { ...(await alternate(rounds, ours, () => timed(session, plan))), way: "grouped, then joined" };
    },
  },
  {
    name: "distribution, estimated",
    peer: "a sequential scan",
    limit: 0.2,
    async run({ urlOf, session, rounds }) {
      const folder = project([{ name: "Child", table: "children" }]);
      let way = "";
      const ours = async () => {
        const found = rowsOf(await check(["db", "distribution", "--estimate"], folder, urlOf("bare")));
        const [largest] = found.tenants;
        way = `a sample of pages, largest tenant ±${Math.round(((largest.high - largest.rows) / largest.rows) * 100)} %`;
        return found.durationMs;
      };
      const scan = "select count(body) from bare.children";
      return { ...(await alternate(rounds, ours, () => timed(session, scan))), way };
    },
  },
];

async function timed(session, sql) {
  const start = performance.now();
  await session.query(sql);
  return performance.now() - start;
}
