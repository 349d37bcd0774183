import { child, parent, project } from "../dataset.mjs";
import { alternate, check } from "../measure.mjs";
import { timed } from "./orphans.mjs";

const shapes = [
  { name: "references, indexes cover both sides", schema: "indexed", limit: 0.5 },
  { name: "references, no index on the child", schema: "bare", limit: 1.05 },
];

/** Children whose parent is of another tenant, against the plain join. */
export const referenceCases = shapes.map(({ name, schema, limit }) => ({
  name,
  peer: "the plain join",
  limit,
  async run({ urlOf, session, rounds }) {
    const folder = project([parent, child]);
    let way = "";
    const ours = async () => {
      const { report, ownMs } = await check(["db", "references"], folder, urlOf(schema));
      const [finding] = report.checks[0].findings;
      if (finding?.evidence.rows !== 50) throw new Error(`found ${finding?.evidence.rows} of 50 references`);
      way = report.checks[0].facts.scanned.map((scan) => scan.way).join(", ");
      return ownMs;
    };
    const join = `select count(*)::int as crossing from ${schema}.children as c join ${schema}.parents as p on p.id = c."parentId" where c."tenantId" <> p."tenantId"`;
    return { ...(await alternate(rounds, ours, () => timed(session, join, "crossing"))), way };
  },
}));
