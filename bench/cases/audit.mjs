import { child, parent, project } from "../dataset.mjs";
import { check, median } from "../measure.mjs";

const tables = 60;

/**
 * An audit of 60 tables against its own slowest query. Parallel workers are off for both: else the slowest
 * query alone takes both cores, and nothing fits beside it.
 */
export const auditCase = {
  name: `audit of ${tables} tables, whole command`,
  peer: "its slowest single query",
  limit: 1.3,
  async run({ urlOf, session, rounds }) {
    await session.query("alter database bench set max_parallel_workers_per_gather = 0");
    const numbers = Array.from({ length: tables - 3 }, (_, index) => index);
    for (const number of numbers) {
      const table = `bare.small_${number}`;
      await session.query(
        `create table if not exists ${table} as select id, "tenantId", body from bare.parents where id <= 20000`,
      );
      await session.query(
        `alter table ${table} add primary key (id), alter "tenantId" set not null, alter body set not null`,
      );
    }
    await session.query("analyze");
    const small = numbers.map((number) => ({ name: `Small${number}`, table: `small_${number}` }));
    const folder = project([parent, child, ...small]);
    const [walls, slowest, peaks] = [[], [], []];
    for (let round = 0; round <= rounds; round += 1) {
      const { report, ms, megabytes } = await check(["audit"], folder, urlOf("bare"));
      const scans = report.checks.flatMap((each) => each.facts.scanned ?? []);
      if (round === 0) continue;
      walls.push(ms);
      slowest.push(Math.max(...scans.map((scan) => scan.durationMs)));
      peaks.push(megabytes);
    }
    await session.query("alter database bench reset max_parallel_workers_per_gather");
    return {
      ours: median(walls),
      peer: median(slowest),
      way: `${Math.round(Math.max(...peaks))} MB at the peak`,
      megabytes: Math.max(...peaks),
    };
  },
};
