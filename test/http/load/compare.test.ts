import { expect, test } from "vitest";
import type { LoadReading } from "../../../src/findings/load.js";
import type { Report } from "../../../src/findings/report.js";
import { type CliOptions, tenantctl, tenantctlJson } from "../../support/cli.js";
import { answering, loadServer } from "../../support/load-server.js";
import { project } from "../../support/project.js";
import { expectValidReport } from "../../support/report-schema.js";

/** A few seconds; a margin that two busy cores do not reach by themselves. */
const short = ["--duration", "4", "--blocks", "8", "--warmup", "0.1", "--margin", "25"];

function load(args: string[], options: CliOptions = {}) {
  return tenantctlJson(["load", ...args], { cwd: project({}), ...options });
}

const readingIn = ({ checks }: Report) => checks[0]!.facts.load as LoadReading;
const rulesIn = ({ checks }: Report) => checks.flatMap(({ findings }) => findings.map(({ rule }) => rule));

test("a server against itself is not worse than itself, and every figure is there", async () => {
  const { base } = await loadServer(answering());
  // A busy machine may be late by more than the other tests' margin in one block.
  const result = await load([base, base, ...short, "--margin", "150"]);
  expectValidReport(result);
  expect(rulesIn(result.report)).toEqual([]);
  expect(result.report.verdict, result.report.checks[0]!.reason).toBe("pass");
  const reading = readingIn(result.report);
  for (const side of [reading.baseline, reading.candidate]) {
    expect(side.p50).toBeGreaterThan(1);
    expect(side.p95).toBeGreaterThanOrEqual(side.p50!);
    expect(side.p99).toBeGreaterThanOrEqual(side.p95!);
    expect(side.max).toBeGreaterThanOrEqual(side.p99! * 0.999);
    expect(side.perSecond).toBeGreaterThan(100);
  }
  expect(["bccbbccb", "cbbccbbc"]).toContain(reading.plan.order);
  expect(reading.blocks.map(({ side }) => side[0]).join("")).toBe(reading.plan.order);
  const counted = reading.histogram.reduce((sum, bar) => sum + bar.baseline + bar.candidate, 0);
  expect(counted).toBe(reading.baseline.requests + reading.candidate.requests);
  expect(result.stderr).toMatch(/feasible: about 1,000 answers a side tell 150 ms/);
});

test("a tail of 50 ms more in one of thirty requests fails by P99 alone", async () => {
  const baseline = await loadServer(answering());
  const candidate = await loadServer(answering({ slowShare: 1 / 30, delay: 50 }));
  const result = await load([baseline.base, candidate.base, ...short]);
  expectValidReport(result);
  expect(rulesIn(result.report)).toEqual(["load/latency-regression"]);
  expect(result.code).toBe(1);
  const { latency } = readingIn(result.report);
  expect(latency!.lower).toBeGreaterThan(25);
  const other = await load([candidate.base, baseline.base, ...short]);
  expect(rulesIn(other.report)).toEqual([]);
});

test("too few answers are inconclusive, and it says before and after how many it takes", async () => {
  const { base } = await loadServer(answering({ milliseconds: 20 }));
  const args = [base, base, "--duration", "1.6", "--blocks", "8", "--warmup", "0", "--connections", "2"];
  // A busy machine makes the generator late: that goes before, where the margin is small.
  args.push("--margin", "150");
  const cwd = project({});
  const written = await tenantctl(["load", ...args, "--json", "--output", "load.json"], { cwd });
  expect(written.stdout).toBe("");
  expect(written.stderr).toMatch(/^Latency and errors under load: .* answers a side, about .*$/m);
  expect(written.stderr).toMatch(/^note: 1\.8 s in all: 1\.6 s measured/m);
  const result = await load(args);
  expectValidReport(result);
  expect(result.code).toBe(3);
  expect(result.report.checks[0]!.reason).toMatch(/answers a side, about [\d,]+ are needed: --duration \d+/);
  expect(result.stderr).toMatch(/likely too few: .*--duration \d+ would do/);
});

test("errors of the candidate are a finding; where many fail, the latencies are said to mean nothing", async () => {
  const baseline = await loadServer(answering());
  const failing = async (share: number) => {
    const server = await loadServer((request, response) => {
      // The first requests only look whether it works at all.
      if (server.seen.length > 5 && Math.random() < share) response.statusCode = 500;
      answering()(request, response);
    });
    return server;
  };
  const some = await failing(0.03);
  const result = await load([baseline.base, some.base, ...short]);
  expectValidReport(result);
  expect(rulesIn(result.report)).toEqual(["load/error-rate"]);
  expect(result.code).toBe(1);
  expect(readingIn(result.report).candidate.errorsBy).toEqual({ 500: expect.any(Number) });
  const many = await failing(0.3);
  const inverse = await load([many.base, baseline.base, ...short]);
  expect(inverse.code).toBe(3);
  expect(inverse.report.checks[0]!.reason).toMatch(/% of the baseline's requests failed \(500 \d+ times\)/);
  expect(readingIn(inverse.report).latency!.verdict).toBe("inconclusive");
});

test("a refused token and a dead server are told before any load is sent", async () => {
  const refusing = await loadServer((_request, response) => {
    response.statusCode = 401;
    response.end();
  });
  const refused = await load([refusing.base, refusing.base, ...short]);
  expectValidReport(refused);
  expect(refused.code).toBe(3);
  expect(refused.report.checks[0]!.reason).toMatch(/answered with 401.*tokens/);
  expect(refusing.seen.length).toBe(1);
  const { base } = await loadServer(answering());
  refusing.die();
  const dead = await load([base, refusing.base, ...short]);
  expectValidReport(dead);
  expect(dead.code).toBe(2);
  expect(dead.report.checks[0]!.reason).toMatch(/candidate: .*nothing listens there/);
});

test("a server that dies under load ends it at once, with what was measured before", async () => {
  const { base } = await loadServer(answering());
  const dying = await loadServer(answering());
  setTimeout(() => dying.die(), 5500);
  const begin = performance.now();
  const result = await load([base, dying.base, ...short, "--duration", "8"]);
  expectValidReport(result);
  expect(result.code).toBe(2);
  expect(result.report.checks[0]!.reason).toMatch(/block \d of 8, candidate: .* stopped answering \(ECONN/);
  expect(performance.now() - begin).toBeLessThan(12_000);
  expect(rulesIn(result.report)).toEqual([]);
  const { blocks, ...reading } = readingIn(result.report);
  expect(blocks.length).toBeGreaterThan(0);
  expect(reading).not.toHaveProperty("latency");
});

test("a server that hangs is not waited for longer than --request-timeout", async () => {
  const hanging = await loadServer(() => {});
  const { base } = await loadServer(answering());
  const result = await load([base, hanging.base, ...short, "--request-timeout", "1"]);
  expect(result.code).toBe(2);
  expect(result.report.checks[0]!.reason).toMatch(/candidate: .*no answer in time/);
  let answered = 0;
  const later = await loadServer((request, response) => {
    answered += 1;
    if (answered <= 50) answering()(request, response);
  });
  const second = await load([base, later.base, ...short, "--request-timeout", "1"]);
  expect(second.code).toBe(2);
  expect(second.report.checks[0]!.reason).toMatch(/stopped answering \(ETIMEDOUT\)/);
});

test("requests that run into the timeout count as errors and as slow", async () => {
  const baseline = await loadServer(answering());
  const candidate = await loadServer((request, response) => {
    if (candidate.seen.length < 200 || Math.random() > 0.03) answering()(request, response);
  });
  const args = [
    "--duration",
    "8",
    "--blocks",
    "8",
    "--warmup",
    "0",
    "--margin",
    "25",
    "--request-timeout",
    "1",
  ];
  const result = await load([baseline.base, candidate.base, ...args]);
  const reading = readingIn(result.report);
  expect(reading.candidate.errorsBy.ETIMEDOUT).toBeGreaterThan(0);
  expect(reading.candidate.max).toBeGreaterThanOrEqual(990);
  expect(result.code).toBe(1);
});

test("at a fixed rate requests come evenly, and a stall counts for all that it holds up", async () => {
  const arrivals: number[] = [];
  const { base } = await loadServer((request, response) => {
    arrivals.push(performance.now());
    answering()(request, response);
  });
  // Every second, everything stands still for 200 ms: a fifth of all requests wait, 100 ms on average.
  const stalling = await loadServer((_request, response) => {
    const into = performance.now() % 1000;
    setTimeout(() => response.end("{}"), into < 200 ? 200 - into : 2);
  });
  const args = ["--rate", "200", "--duration", "8", "--blocks", "8", "--connections", "2"];
  const result = await load([base, stalling.base, ...args, "--warmup", "0.1", "--margin", "25"]);
  const { baseline, candidate } = readingIn(result.report);
  expect(baseline.perSecond).toBeGreaterThan(190);
  expect(baseline.perSecond).toBeLessThan(210);
  expect(candidate.perSecond).toBeGreaterThan(150);
  // Without the wait for a turn two connections would see a stall twice a second: under one in a hundred.
  expect(candidate.p95).toBeGreaterThan(100);
  const gaps = arrivals.slice(1).map((at, index) => at - arrivals[index]!);
  const together = gaps.filter((gap) => gap < 1).length;
  expect(together / gaps.length).toBeLessThan(0.3);
});

test("keep-alive is used, a connection that the server closes is not written to, HEAD waits for no body", async () => {
  const sockets = new Set<unknown>();
  const kept = await loadServer((request, response) => {
    sockets.add(request.socket);
    response.setHeader("content-length", 1000);
    response.end("x".repeat(1000));
  });
  const closing = await loadServer((request, response) => {
    response.setHeader("connection", "close");
    answering()(request, response);
  });
  const args = ["--routes", "HEAD /a", "GET /b", "--rate", "200", ...short];
  const result = await load([kept.base, closing.base, ...args]);
  const { baseline, candidate } = readingIn(result.report);
  expect(baseline.errors + candidate.errors).toBe(0);
  expect(kept.seen.length).toBeGreaterThan(300);
  expect(sockets.size).toBeLessThan(10 * 6);
  expect(new Set(kept.seen.map(({ method, url }) => `${method} ${url}`))).toEqual(
    new Set(["HEAD /a", "GET /b"]),
  );
});

test("both sides are asked the same, as each tenant; no output holds a token", async () => {
  const servers = [await loadServer(answering()), await loadServer(answering())];
  const env = { TENANT_A: "t-a", TOKEN_A: "secret-token-a", TENANT_B: "t-b", TOKEN_B: "secret-token-b" };
  const [base, other] = servers.map((server) => server.base);
  for (const format of ["table", "json", "html", "markdown", "junit"]) {
    const args = [base!, other!, "--routes", "/a", "/b", "--format", format, "--verbose", ...short];
    const { stdout, stderr } = await tenantctl(["load", ...args, "--duration", "1"], {
      cwd: project({}),
      env,
    });
    expect(stdout + stderr, format).not.toMatch(/secret-token/);
    expect(stdout.length).toBeGreaterThan(100);
  }
  const mixes = servers.map(({ seen }) => {
    const mix = new Map<string, number>();
    for (const { url, headers } of seen) {
      const key = `${url} ${headers["x-tenant-id"]} ${headers.authorization}`;
      mix.set(key, (mix.get(key) ?? 0) + 1 / seen.length);
    }
    return mix;
  });
  for (const mix of mixes) {
    expect([...mix.keys()].sort()).toEqual([
      "/a t-a Bearer secret-token-a",
      "/a t-b Bearer secret-token-b",
      "/b t-a Bearer secret-token-a",
      "/b t-b Bearer secret-token-b",
    ]);
    for (const share of mix.values()) expect(share).toBeCloseTo(0.25, 1);
  }
});
