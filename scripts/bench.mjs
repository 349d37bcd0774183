/**
 * `npm run bench`: measures against peers or limits in one run, prints the ratios and writes
 * docs/benchmarks.md. `npm run bench -- --only orphans` runs some, `--rows 500000` a smaller set; both write
 * nothing.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepare, root } from "./prepare.mjs";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    rows: { type: "string", default: "5000000" },
    rounds: { type: "string", default: "5" },
    binaries: { type: "string" },
  },
});
prepare();
const { startEmbeddedPostgres } = await import("../dist/adapters/embedded-postgres.js");
const { createDataset } = await import("../bench/dataset.mjs");
const { orphanCases } = await import("../bench/cases/orphans.mjs");
const { referenceCases } = await import("../bench/cases/references.mjs");
const { distributionCases } = await import("../bench/cases/distribution.mjs");
const { snapshotCase } = await import("../bench/cases/snapshot.mjs");
const { auditCase, memoryCase } = await import("../bench/cases/audit.mjs");
const { versionCase, registryCase, largeRegistryCase } = await import("../bench/cases/start.mjs");
const { bleedCase, hundredRoutesCase, isolationMemoryCase } = await import("../bench/cases/isolation.mjs");
const { indexCases } = await import("../bench/cases/indexes.mjs");

const startCases = [
  versionCase,
  registryCase,
  largeRegistryCase,
  bleedCase,
  hundredRoutesCase,
  isolationMemoryCase,
];
const dataCases = [
  ...orphanCases,
  ...referenceCases,
  ...distributionCases,
  snapshotCase,
  auditCase,
  memoryCase,
];
const isChosen = ({ name }) => name.includes(values.only);
const rounds = Number(values.rounds);
const notes = `A million tenants that all have rows is the honest limit of the loose index scan: it walks distinct values at about
4 µs each, so with as many distinct values as that the planner's own plan is taken (chosen from statistics, and with a
guard that gives up the walk where they lied). A validated foreign key needs no scan at all.
`;
const results = [];

for (const each of [...startCases, ...indexCases].filter(isChosen))
  results.push(await measure(each, { rounds }));
if (dataCases.some(isChosen)) await measureData();
if (values.only === "" && values.rows === "5000000" && !values.binaries) writePage();
process.exitCode = results.every((result) => result.ratio <= result.limit) ? 0 : 1;

async function measureData() {
  const settings = { shared_buffers: "2GB", max_wal_size: "8GB", maintenance_work_mem: "512MB" };
  const server = await startEmbeddedPostgres({
    settings,
    ...(values.binaries ? { binaries: values.binaries } : {}),
  });
  try {
    process.stderr.write(`bench: filling ${values.rows} rows (${server.origin})\n`);
    const dataset = await createDataset(server, Number(values.rows));
    for (const each of dataCases.filter(isChosen))
      results.push(await measure(each, { ...dataset, rounds, rows: Number(values.rows) }));
    await dataset.session.end();
  } catch (error) {
    // The server's end breaks its session too, and that error would hide this one.
    process.stderr.write(`bench: ${error.stack}\n`);
    process.exit(2);
  } finally {
    await server.stop();
  }
}

async function measure({ name, peer, limit, unit = "ms", run }, environment) {
  const { ours, peer: peerMs, way = "" } = await run(environment);
  const result = { name, peer, limit, ours, peerMs, way, ratio: ours / peerMs };
  const mark = result.ratio <= limit ? "ok  " : "OVER";
  process.stdout.write(
    `${mark} ${name}: ${ours.toFixed(1)} ${unit} against ${peerMs.toFixed(1)} ${unit} of ${peer}, ratio ${result.ratio.toFixed(3)}, limit ${limit.toFixed(3)}${way ? ` (${way})` : ""}\n`,
  );
  return result;
}

function writePage() {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], {
    cwd: root,
    encoding: "utf8",
  }).trim();
  const rows = results.map(
    ({ name, peer, ours, peerMs, ratio, limit, way }) =>
      `| ${name} | ${ours.toFixed(1)} | ${peer} | ${peerMs.toFixed(1)} | **${ratio.toFixed(3)}** | ${limit.toFixed(3)} | ${ratio <= limit ? "yes" : "**no**"} | ${way} |`,
  );
  const text = `# Benchmarks

Made by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)} at commit ${commit}: ${cpus().length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, the embedded PostgreSQL 18.

Each line is a ratio of two medians of ${rounds} rounds that alternate in one run, after one unmeasured round of
each. Times of a check are of its own SQL, without the command's start; "whole command" is the process from start to
end. The data: ${Number(values.rows).toLocaleString("en-US")} rows of 1,000 skewed tenants (the largest has a tenth), 50 planted faults, which both sides
have to count.

| what | ours, ms | against | ms | ratio | limit | kept | way |
|---|---|---|---|---|---|---|---|
${rows.join("\n")}

NOTES
`;
  writeFileSync(
    join(root, "docs", "benchmarks.md"),
    text.replace("NOTES", () => notes),
  );
}
