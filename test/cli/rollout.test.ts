import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { acquireLock, type EntryDraft, openFileState } from "../../src/rollout/index.js";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { createDatabase } from "../support/database.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";
import { release, writer } from "../support/rollout.js";

const [before, wanted] = [release("2.3.0", "1"), release("2.4.0", "2")];
const id = "2026-11-24T10-00-00Z-2.4.0";
const steps: EntryDraft[] = [
  { rollout: id, kind: "begin", step: "rollout/begin", release: wanted },
  { rollout: id, kind: "begin", step: "phase/begin", phase: "canary", hosts: ["app1", "app2"] },
  {
    ...{ rollout: id, kind: "intent", step: "hosts/switch", phase: "canary", hosts: ["app1"] },
    priors: { app1: before },
  },
  {
    ...{ rollout: id, kind: "outcome", step: "hosts/switch", phase: "canary", intent: 4, result: "done" },
    results: [{ host: "app1", state: "converged", release: wanted }],
  },
];
const end = (result: EntryDraft["result"]): EntryDraft => ({
  ...{ rollout: id, kind: "end", step: "rollout/end", ...(result ? { result } : {}) },
});

/** A project whose journal holds these steps, after the entry of the lock. */
async function written(drafts: readonly EntryDraft[], keepsLock = false): Promise<string> {
  const folder = project({ "tenantctl.config.json": '{"app":"divanco-api","state":{"dir":"state"}}' });
  const state = openFileState(join(folder, "state"), writer());
  const request = {
    mode: "take",
    rollout: id,
    purpose: "deploy canary 2.4.0",
    now: () => new Date(),
  } as const;
  const lock = await acquireLock(state, request);
  for (const draft of drafts) await state.journal.append(draft, lock.fence);
  if (!keepsLock) await lock.release();
  return folder;
}

async function run(folder: string, ...args: string[]) {
  const result = await tenantctlJson(["rollout", ...args], { cwd: folder });
  expectValidReport(result);
  return { ...result, check: result.report.checks[0] };
}

test("without a journal, history and status say so and make nothing", async () => {
  const folder = project({});
  for (const verb of ["history", "status"]) {
    const { code, stdout } = await tenantctl(["rollout", verb], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain("no rollout was written down yet");
  }
  expect(() => readFileSync(join(folder, ".tenantctl"))).toThrow(/ENOENT/);
});

test("history lists rollouts with their end, and every entry of one", async () => {
  const folder = await written([...steps, end("done")]);
  const { code, check } = await run(folder, "history");
  expect(code).toBe(0);
  expect(check!.facts).toMatchObject({
    entries: 6,
    rollouts: [{ rollout: id, result: "done", unanswered: 0 }],
  });
  const one = await run(folder, "history", "--rollout", id);
  expect((one.check!.facts.ofRollout as unknown[]).length).toBe(6);
  const { stdout } = await tenantctl(["rollout", "history", "--rollout", id], { cwd: folder });
  expect(stdout).toMatch(/5 +\S+ +outcome +hosts\/switch +app1 converged +done/);
  const unknown = await run(folder, "history", "--rollout", `${id}x`);
  expect(unknown.code).toBe(64);
  expect(unknown.report.error!.hint).toContain(id);
});

test("a journal that was changed is a finding of both", async () => {
  const folder = await written([...steps, end("done")]);
  const path = join(folder, "state", "rollout", "journal.jsonl");
  writeFileSync(path, readFileSync(path, "utf8").replaceAll(before.digest, wanted.digest));
  for (const verb of ["history", "status"]) {
    const { code, check } = await run(folder, verb);
    expect(code).toBe(1);
    expect(check!.findings.map(({ rule }) => rule)).toContain("rollout/changed-journal");
    expect(check!.findings[0]!.evidence.sequence).toBe(4);
  }
});

test("status in the middle: phase, hosts, time against the plan, who holds the lock", async () => {
  const folder = await written(steps, true);
  const { code, check } = await run(folder, "status");
  expect(code).toBe(0);
  expect(check!.facts).toMatchObject({
    rollout: { phase: "canary" },
    progress: [{ phase: "canary", planned: ["app1", "app2"], converged: ["app1"], plannedTime: 432_000_000 }],
    hosts: [{ host: "app1", state: "converged", release: wanted, prior: before }],
    lock: { fence: 1, purpose: "deploy canary 2.4.0", isGone: false },
  });
  const { stdout } = await tenantctl(["rollout", "status"], { cwd: folder });
  expect(stdout).toMatch(/canary +under way +1 of 2 /);
  expect(stdout).toMatch(/app1 +converged +2\.4\.0 +2\.3\.0/);
});

test("a step without an outcome makes status inconclusive, and names the next command", async () => {
  const folder = await written(steps.slice(0, 3));
  const { code, check } = await run(folder, "status");
  expect(code).toBe(3);
  expect(check!.reason).toMatch(
    /hosts\/switch on app1 \(entry 4\) no outcome is known: tenantctl rollout resume/,
  );
});

test.each([
  ["done", 0],
  ["rolled-back", 1],
  ["failed", 1],
] as const)("a rollout that ended as %s makes status end with %i", async (result, expected) => {
  const { code, check } = await run(await written([...steps, end(result)]), "status");
  expect(code).toBe(expected);
  expect(check!.findings.map(({ rule }) => rule)).toEqual(expected ? ["rollout/not-completed"] : []);
});

test("a team's journal stands in PostgreSQL; making its schema is said once, its password never", async () => {
  const database = await createDatabase();
  try {
    const folder = project({ "tenantctl.config.json": '{"app":"a","state":{"url":"env:STATE_URL"}}' });
    const env = { STATE_URL: database.url };
    const first = await tenantctl(["rollout", "history"], { cwd: folder, env });
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining("made the schema tenantctl in") });
    const second = await tenantctl(["rollout", "status"], { cwd: folder, env });
    expect(second).toMatchObject({ code: 0, stderr: "" });
    const { password } = new URL(database.url);
    if (password) expect(JSON.stringify([first, second])).not.toContain(`:${password}@`);
    const missing = await tenantctl(["rollout", "status"], { cwd: folder });
    expect(missing).toMatchObject({ code: 64, stderr: expect.stringContaining("STATE_URL is not set") });
  } finally {
    await database.drop();
  }
});
