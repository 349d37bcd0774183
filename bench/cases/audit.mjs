import { child, parent, project } from "../dataset.mjs";
import { alternate, check } from "../measure.mjs";

const tables = 60;

/** Peaks of the audits that were measured, in MB. */
const peaks = [];

/**
 * An audit of 60 tables against its own slowest query, measured alone (`--jobs 1`). Parallel workers are off
 * for both: else the slowest query takes both cores, and nothing fits beside it.
 */
export const auditCase = {
  name: `audit of ${tables} tables, whole command`,
  peer: "its slowest single query, alone",
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
    const ours = async () => {
      const { ms, megabytes } = await check(["audit"], folder, urlOf("bare"));
      peaks.push(megabytes);
      return ms;
    };
    const slowest = async () => {
      const { report } = await check(["audit", "--jobs", "1"], folder, urlOf("bare"));
      const scans = report.checks.flatMap((each) => each.facts.scanned ?? []);
      return Math.max(...scans.map((scan) => scan.durationMs));
    };
    const result = await alternate(rounds, ours, slowest);
    await session.query("alter database bench reset max_parallel_workers_per_gather");
    return result;
  },
};

/** The memory of those audits, whatever the rows. */
export const memoryCase = {
  name: `audit of ${tables} tables, memory at the peak`,
  peer: "150 MB",
  unit: "MB",
  limit: 1,
  async run() {
    if (peaks.length === 0) throw new Error("it measures the audit case: run that with it");
    return { ours: Math.max(...peaks), peer: 150 };
  },
};
