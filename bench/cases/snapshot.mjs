import { project } from "../dataset.mjs";
import { alternate, check } from "../measure.mjs";

const integer = (value, seed) => `hashint8extended(${value}, hashint8extended(${value} >> 32, ${seed}))`;
const key = integer("id", 0);

/** The same sums, written by hand. */
const byHand = [
  `select "tenantId", count(*), sum(${key}), sum(hashtextextended(body collate "C", ${key})), sum(${integer("id", key)}), sum(${integer('"parentId"', key)}), sum(uuid_hash_extended("tenantId", ${key})) from bare.children group by 1`,
  `select id, count(*), sum(uuid_hash_extended(id, 0)), sum(uuid_hash_extended(id, uuid_hash_extended(id, 0))), sum(hashtextextended(name collate "C", uuid_hash_extended(id, 0))) from bare.tenants group by 1`,
];

/** Counts and checksums of five million rows, against the same aggregate in one session. */
export const snapshotCase = {
  name: "snapshot",
  peer: "the same aggregate by hand",
  limit: 1.2,
  async run({ urlOf, session, rounds }) {
    const folder = project([{ name: "Child", table: "children" }]);
    const ours = async () =>
      (await check(["db", "snapshot", "--to", "snapshot.json"], folder, urlOf("bare"))).ownMs;
    const peer = async () => {
      const start = performance.now();
      for (const sql of byHand) await session.query(sql);
      return performance.now() - start;
    };
    return { ...(await alternate(rounds, ours, peer)), way: "a sum a column" };
  },
};
