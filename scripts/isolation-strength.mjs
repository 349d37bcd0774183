/**
 * `npm run strength`: how much of what is planted `isolation check` finds. Runs it against generated APIs with one leak or none
 * (`--runs`, 200), then against sound ones (`--sound-runs`, 20), and prints a line for each class of leaks and the
 * strength. Ends with 1 where something was missed, misnamed or falsely alarmed, with 2 where a check itself failed.
 *
 * `--list` prints every way in which a class is planted. Again, one seed: `npm run strength -- --seed 17 --verbose`,
 * with the `--class`, `--variant` or `--sound` that it had.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createJiti } from "jiti";
import { prepare, root } from "./prepare.mjs";

/** Sound seeds start here, so that they are none of the planted ones. */
const firstSound = 100_000;
const requestTimeout = 3000;

const options = {
  seed: { type: "string" },
  runs: { type: "string", default: "200" },
  "sound-runs": { type: "string", default: "20" },
  first: { type: "string", default: "1" },
  class: { type: "string" },
  variant: { type: "string" },
  sound: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  jobs: { type: "string", default: "2" },
  verbose: { type: "boolean", default: false },
};
const values = valuesOf(options);
prepare();
const { checkApi } = await import("../dist/isolation/index.js");
const { generateApi, leakRules, leakVariants, serveApi } = await createJiti(import.meta.url).import(
  join(root, "test", "generator", "index.ts"),
);
const rule = values.class && `isolation/${values.class.replace(/^isolation\//, "")}`;
if (rule && !leakRules.includes(rule))
  stopForUsage(`${values.class} is no class; these are: ${leakRules.join(", ")}`);

if (values.variant && !leakVariants.some((each) => each.rule === rule && each.variant === values.variant))
  stopForUsage(`${values.class ?? "no class"} has no variant "${values.variant}"; see --list`);
checkNumbers();
if (values.list) listVariants();
else report(await inParallel(cases(), Number(values.jobs), runOne));

function valuesOf(known) {
  try {
    return parseArgs({ options: known }).values;
  } catch (error) {
    return stopForUsage(error.message);
  }
}

function stopForUsage(message) {
  process.stderr.write(`strength: ${message}\n`);
  process.exit(64);
}

function listVariants() {
  print([
    ["class", "variant", "also acceptable"],
    ...leakVariants.map((each) => [short(each.rule), each.variant, each.alsoAcceptable.map(short).join(" ")]),
  ]);
}

function short(ruleId) {
  return ruleId.replace("isolation/", "");
}

/** Numbers of the command line; a wrong one must not look like a run of nothing. */
function checkNumbers() {
  for (const name of ["seed", "runs", "sound-runs", "first", "jobs"])
    if (values[name] !== undefined && !/^\d+$/.test(values[name]))
      stopForUsage(`--${name} has to be a whole number`);
  if (Number(values.jobs) === 0) stopForUsage("--jobs has to be 1 or more");
}

/** Seeds with what to plant, in the order of the report. */
function cases() {
  const planting = {
    ...(rule ? { leakOf: rule } : {}),
    ...(values.variant ? { variant: values.variant } : {}),
  };
  const isSound = { isSound: true };
  if (values.seed) return [{ seed: Number(values.seed), options: values.sound ? isSound : planting }];
  const count = (length, make) => Array.from({ length: Number(length) }, (_, index) => make(index));
  return [
    ...count(values.runs, (index) => ({ seed: Number(values.first) + index, options: planting })),
    ...count(values["sound-runs"], (index) => ({ seed: firstSound + index, options: isSound })),
  ];
}

async function inParallel(work, jobs, run) {
  const outcomes = [];
  const left = work.entries();
  const worker = async () => {
    for (const [index, each] of left) {
      outcomes[index] = await run(each);
      if (values.verbose) tell(outcomes[index]);
      else process.stderr.write(isFlawless(outcomes[index]) ? "." : "x");
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  process.stderr.write("\n");
  return outcomes;
}

/** One check of one API: what it found, and what it should have. */
async function runOne({ seed, options }) {
  const api = generateApi(seed, options);
  const served = await serveApi(api);
  const stateFolder = mkdtempSync(join(tmpdir(), "tenantctl-strength-"));
  const startedAt = performance.now();
  try {
    const { drafts, obstacle, facts } = await checkApi(checkOf(served, stateFolder));
    const findings = drafts.map((draft) => ({ ...draft, rule: draft.rule, route: draft.subject.route }));
    const outcome = judge(api.leak, findings);
    const seconds = (performance.now() - startedAt) / 1000;
    return { seed, isSound: options.isSound === true, leak: api.leak, obstacle, facts, seconds, ...outcome };
  } catch (error) {
    const judged = judge(api.leak, []);
    return { seed, isSound: options.isSound === true, leak: api.leak, error, seconds: 0, ...judged };
  } finally {
    await served.close();
    rmSync(stateFolder, { recursive: true, force: true });
  }
}

function checkOf({ openapiUrl, url, tenants, binding, tenantFields, shared, subScopes }, stateFolder) {
  return {
    ...{
      openapi: openapiUrl,
      baseUrl: url,
      binding,
      tenantFields,
      shared,
      subScope: subScopes && {
        header: subScopes.header,
        models: [],
        units: { a: subScopes.a.map(({ id }) => id), b: subScopes.b.map(({ id }) => id) },
      },
      stateFolder,
      run: "strength",
    },
    attacker: { name: "a", tenantId: tenants.a.id, token: tenants.a.token },
    victim: { name: "b", tenantId: tenants.b.id, token: tenants.b.token },
    http: { connections: 32, timeout: requestTimeout, bodyLimit: 2 ** 20 },
    isReadOnly: () => false,
  };
}

/** The planted leak counts as found where one of its rules is reported at one of its routes; all else is wrong. */
function judge(leak, findings) {
  const isRight = (finding) =>
    leak !== undefined &&
    [leak.rule, ...leak.alsoAcceptable].includes(finding.rule) &&
    leak.routes.includes(finding.route);
  return {
    findings,
    isFound: findings.some(isRight),
    wrong: findings.filter((finding) => !isRight(finding)),
  };
}

function isFlawless({ leak, isFound, wrong, error }) {
  return !error && wrong.length === 0 && (leak === undefined || isFound);
}

function tell({ seed, isSound, leak, isFound, findings, obstacle, error, facts, seconds }) {
  const planted = leak ? `${leak.rule}, ${leak.variant}: ${isFound ? "found" : "MISSED"}` : "nothing planted";
  const lines = [`seed ${seed}${isSound ? " (sound)" : ""}: ${planted} (${seconds.toFixed(1)} s)`];
  if (leak) lines.push(`  at ${leak.routes.join(", ")}`);
  for (const finding of findings)
    lines.push(`  reported: ${finding.rule} ${finding.route}: ${finding.message}`);
  if (obstacle) lines.push(`  ${obstacle.status}: ${obstacle.reason}`);
  if (error) lines.push(`  failed: ${error.stack}`);
  if (values.seed && facts) lines.push(`  facts: ${JSON.stringify(facts, null, 2)}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

function report(all) {
  const planted = all.filter(({ leak }) => leak);
  const sound = all.filter(({ leak }) => !leak);
  const rows = leakRules
    .map((each) => [each, planted.filter(({ leak }) => leak.rule === each)])
    .filter(([, runs]) => runs.length > 0)
    .map(([name, runs]) => [
      short(name),
      runs.length,
      runs.filter(({ isFound }) => isFound).length,
      seedsOf(runs.filter(({ isFound }) => !isFound)),
      seedsOf(runs.filter(({ wrong }) => wrong.length > 0)),
      runs.filter(({ obstacle }) => obstacle).length,
    ]);
  if (rows.length > 0)
    print([["class", "planted", "found", "missed", "wrong rule or route", "inconclusive"], ...rows]);
  const alarmed = sound.filter(({ wrong }) => wrong.length > 0);
  const found = planted.filter(({ isFound }) => isFound).length;
  const failed = all.filter(({ error }) => error);
  const inconclusive = sound.filter(({ obstacle }) => obstacle).length;
  const share = planted.length === 0 ? "" : ` = ${((100 * found) / planted.length).toFixed(1)} %`;
  process.stdout.write(`
strength: found ${found} of ${planted.length}${share}
false alarms: ${alarmed.length} of ${sound.length} sound APIs${alarmed.length ? ` (seeds ${seedsOf(alarmed)})` : ""}
inconclusive: ${inconclusive} of ${sound.length} sound APIs
failed checks: ${failed.length}${failed.length ? ` (seeds ${seedsOf(failed)})` : ""}
`);
  process.exitCode = all.every((each) => each.error || isFlawless(each)) ? (failed.length > 0 ? 2 : 0) : 1;
}

function seedsOf(runs) {
  return runs.map(({ seed }) => seed).join(" ");
}

function print(table) {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => String(row[column]).length)));
  for (const row of table)
    process.stdout.write(
      `${row
        .map((value, column) => String(value).padEnd(widths[column]))
        .join("  ")
        .trimEnd()}\n`,
    );
}
