import { expect, test } from "vitest";
import type { LoadReading } from "../../../src/findings/load.js";
import { tenantctl, tenantctlJson } from "../../support/cli.js";
import { answering, loadServer } from "../../support/load-server.js";
import { project } from "../../support/project.js";
import { expectValidReport } from "../../support/report-schema.js";

const short = ["--duration", "2", "--blocks", "8", "--warmup", "0", "--margin", "25"];
const health = { path: "/health", key: "guard.mode", baseline: "off", candidate: "strict" };

/** An application whose guard is switched by a request, and which is slower with it by some milliseconds. */
async function guarded({ cost = 0, isStuck = false } = {}) {
  const state = { mode: "strict", history: [] as string[], strays: false };
  const server = await loadServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, "http://localhost");
    if (pathname === "/health") return void response.end(JSON.stringify({ guard: { mode: state.mode } }));
    if (pathname === "/mode") {
      const wanted = searchParams.get("to")!;
      state.history.push(wanted);
      if (!isStuck) state.mode = wanted;
      return void response.end();
    }
    // In the middle of a block, never while the mode is switched.
    if (state.strays) state.mode = "warn";
    const mode = request.headers["x-guard"] ?? state.mode;
    answering({ milliseconds: mode === "strict" ? 2 + cost : 2 })(request, response);
  });
  return { ...server, state };
}

/** A command that asks the application to switch, and exits 0 whatever comes of it. */
const command = (base: string, mode: string) => [
  process.execPath,
  "-e",
  `fetch("${base}/mode?to=${mode}", { method: "POST" }).catch(() => {})`,
];

const configOf = (load: object) => project({ "tenantctl.config.json": JSON.stringify({ load }) });

test("one server, switched by a command: each block is measured in its own mode, and it ends guarded", async () => {
  const app = await guarded({ cost: 60 });
  const modes = { baseline: command(app.base, "off"), candidate: command(app.base, "strict"), health };
  const cwd = configOf({ switch: modes });
  // 60 ms each over 50 connections: answers enough for a verdict.
  const args = ["load", app.base, ...short, "--duration", "4", "--connections", "50"];
  const result = await tenantctlJson(args, { cwd });
  expectValidReport(result);
  expect(result.report.checks[0]!.findings.map(({ rule }) => rule)).toEqual(["load/latency-regression"]);
  const { baseline, candidate } = result.report.checks[0]!.facts.load as LoadReading;
  expect(candidate.p50! - baseline.p50!).toBeGreaterThan(30);
  expect(app.state.mode).toBe("strict");
  expect(app.state.history).toContain("off");
});

test("a command that lies is found out by the health check: exit 2, and the mode is not trusted", async () => {
  const app = await guarded({ isStuck: true });
  const modes = {
    baseline: command(app.base, "off"),
    candidate: command(app.base, "strict"),
    health,
    timeout: 1,
  };
  const result = await tenantctlJson(["load", app.base, ...short], { cwd: configOf({ switch: modes }) });
  expectValidReport(result);
  expect(result.code).toBe(2);
  expect(result.report.checks[0]!.reason).toMatch(
    /switch to the baseline's mode did not take place: .* ended with exit code 0, and guard\.mode of .*\/health is strict, not off/,
  );
  const missing = await tenantctlJson(["load", app.base, ...short], {
    cwd: configOf({ switch: { ...modes, baseline: ["no-such-program"] } }),
  });
  expect(missing.code).toBe(2);
  expect(missing.report.checks[0]!.reason).toMatch(/no-such-program can't be run/);
});

test("one server, switched by a request; a mode that changes on its own is found out", async () => {
  const app = await guarded();
  const turn = (mode: string) => ({ request: { method: "POST", path: `/mode?to=${mode}` } });
  const cwd = configOf({ switch: { baseline: turn("off"), candidate: turn("strict"), health } });
  const good = await tenantctlJson(["load", app.base, ...short], { cwd });
  expectValidReport(good);
  expect(good.report.checks[0]!.findings).toEqual([]);
  expect(app.state.history.length).toBeGreaterThan(4);
  app.state.strays = true;
  const bad = await tenantctlJson(["load", app.base, ...short], { cwd });
  expect(bad.code).toBe(2);
  expect(bad.report.checks[0]!.reason).toMatch(/left the (baseline|candidate)'s mode while it was measured/);
});

test("one server, switched by headers that may be secrets: sent, and in no output", async () => {
  const app = await guarded({ cost: 60 });
  const headers = (mode: string) => ({ headers: { "X-Guard": mode, "X-Key": "env:GUARD_KEY" } });
  const cwd = configOf({ switch: { baseline: headers("off"), candidate: headers("strict") } });
  const env = { GUARD_KEY: "very-secret-key" };
  const result = await tenantctlJson(["load", app.base, ...short], { cwd, env });
  const { baseline, candidate } = result.report.checks[0]!.facts.load as LoadReading;
  expect(candidate.p50! - baseline.p50!).toBeGreaterThan(30);
  expect(app.seen[0]!.headers["x-key"]).toBe("very-secret-key");
  expect(result.stdout + result.stderr).not.toContain("very-secret-key");
});

test("Ctrl-C stops at once with 130, sends nothing more, and leaves the guard on", async () => {
  const app = await guarded();
  const modes = { baseline: command(app.base, "off"), candidate: command(app.base, "strict"), health };
  const isUnguardedLoad = async () => app.state.mode === "off" && app.seen.length > 100;
  const begin = performance.now();
  const result = await tenantctl(["load", app.base, ...short, "--duration", "60", "--json"], {
    cwd: configOf({ switch: modes }),
    killWhen: { signal: "SIGINT", ready: isUnguardedLoad },
  });
  expect(performance.now() - begin).toBeLessThan(15_000);
  expectValidReport(result);
  expect(result.code).toBe(130);
  expect(result.stderr).toMatch(
    /interrupted: no more requests are sent; the server is in the candidate's mode/,
  );
  expect(app.state.mode).toBe("strict");
  const sent = app.seen.length;
  await new Promise((done) => setTimeout(done, 300));
  expect(app.seen.length).toBe(sent);
});

test("what is wrong is told before anything is sent: exit 64", async () => {
  const url = "http://127.0.0.1:9";
  const remote = "http://203.0.113.7";
  const cases: [args: string[], config: object, message: RegExp][] = [
    [[], {}, /no server is named to load/],
    [[url], {}, /nothing is named to compare/],
    [[url, "ftp://127.0.0.1"], {}, /no address that can be tried/],
    [[url, "http://me:pass@127.0.0.1"], {}, /a URL with a password/],
    [[url, url, "--routes", "DELETE /a"], {}, /DELETE \/a may change data/],
    [[url, url, "--routes", "assets"], {}, /assets is no route/],
    [[url, url, "--blocks", "7"], {}, /even number from 8/],
    [[url, url, "--connections", "0"], {}, /whole number from 1 to 1000/],
    [[url, remote], {}, /203\.0\.113\.7 is protected/],
    [[url, remote, "--confirm", "prod"], {}, /does not name the environment, default/],
    [[url], { load: { switch: { baseline: ["a"], candidate: ["b"] } } }, /load\.switch has no health/],
    [[url, url], { load: { marginMS: 5 } }, /marginMS.*marginMs/],
    [[url, url], { load: { blocks: 2 } }, /2 blocks are too few/],
  ];
  for (const [args, config, message] of cases) {
    const cwd = project({ "tenantctl.config.json": JSON.stringify(config) });
    const { code, stderr } = await tenantctl(["load", ...args], { cwd });
    expect(stderr).toMatch(message);
    expect(code, stderr).toBe(64);
  }
});

test("--dry-run shows each block, sends nothing, needs no --confirm, and is 0", async () => {
  const { base, seen } = await loadServer(answering());
  const { code, stdout } = await tenantctl(
    ["load", base, "http://203.0.113.7", "--dry-run", "--blocks", "8"],
    {
      cwd: project({}),
    },
  );
  expect(stdout.match(/s measured$/gm)).toHaveLength(8);
  expect(stdout).toMatch(/time {9}18\.0 s in all: 12\.0 s measured, 6\.0 s of warm-ups and a trial block/);
  expect(seen).toEqual([]);
  expect(code).toBe(0);
  const seldom = ["load", base, base, "--dry-run", "--blocks", "8", "--rate", "50"];
  const stuck = await tenantctlJson(seldom, { cwd: project({}) });
  expectValidReport(stuck);
  expect(stuck.code).toBe(3);
  expect(stuck.report.checks[0]!.reason).toBe(
    "50 requests a second are 75 in a block and 300 a side; a pass takes 250 and 1,000: --duration 40, or a higher --rate",
  );
  expect((await tenantctl([...seldom, "--duration", "40"], { cwd: project({}) })).code).toBe(0);
});
