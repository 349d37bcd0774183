import { describe, expect, test } from "vitest";
import { factsFrom } from "../../../src/rollout/truth/facts.js";
import { type HostAnswer, judgeHost, mostServed } from "../../../src/rollout/truth/judge.js";

const wanted = { version: "2.0.0", digest: "sha256:bb" };

interface Seen {
  readonly current?: string;
  readonly digest?: string;
  readonly folders?: readonly (string | null)[];
  readonly status?: string;
  readonly health?: HostAnswer["health"];
}

/** A host that serves 2.0.0 with two processes, but for what is said. */
function host(seen: Seen = {}): HostAnswer {
  const { current = "2.0.0", digest = "bb", folders = ["2.0.0", "2.0.0"], status = "online" } = seen;
  const facts = factsFrom({
    fleet: {
      ...{ current, digest, previous: "1.0.0" },
      releases: { "1.0.0": { digest: "aa", serves: "1.0.0" }, "2.0.0": { digest, serves: "2.0.0" } },
      processes: folders.map((folder, index) => ({
        ...{ pid: 10 + index, status, restarts: 3, startedAt: 0 },
        folder: folder && `/srv/app/releases/${folder}`,
      })),
    },
  });
  const health = seen.health ?? { state: "healthy", version: "2.0.0", guard: "strict" };
  return { host: "web1", health, facts, silence: undefined };
}

test("converged is who shows it in every way", () => {
  expect(judgeHost(host(), wanted)).toEqual({
    host: "web1",
    state: "converged",
    release: { version: "2.0.0", digest: "sha256:bb" },
  });
});

test("without /proc the folder is not known, and the rest decides", () => {
  expect(judgeHost(host({ folders: [null] }), wanted).state).toBe("converged");
});

describe("one thing that does not fit is enough", () => {
  const healthy = (version?: string): HostAnswer["health"] => ({
    state: "healthy",
    version,
    guard: undefined,
  });
  test.each<[string, Seen, string, RegExp]>([
    ["health", { health: healthy("1.0.0") }, "old", /reports 1\.0\.0, not 2\.0\.0/],
    ["no version", { health: healthy() }, "unknown", /reports no version/],
    ["one stale process", { folders: ["2.0.0", "1.0.0"] }, "old", /1 of 2 processes run 1\.0\.0/],
    ["the link", { current: "1.0.0" }, "old", /current points at 1\.0\.0/],
    ["another artifact", { digest: "cc" }, "failed", /another digest: sha256:cc/],
    ["errored", { status: "errored" }, "failed", /2 of 2 processes are errored, after 3 restarts/],
    ["no process", { folders: [] }, "failed", /runs no process/],
    ["an error", { health: { state: "unhealthy", reason: "health answers 503" } }, "failed", /503/],
    ["no answer", { health: { state: "silent", reason: "no answer in time" } }, "unknown", /in time/],
  ])("%s", (_, seen, state, reason) => {
    expect(judgeHost(host(seen), wanted)).toMatchObject({ state, reason: expect.stringMatching(reason) });
  });
});

test("who is not reached is unknown, though health reports the version", () => {
  const answer = { ...host(), facts: undefined, silence: "unreachable: no route" };
  expect(judgeHost(answer, wanted)).toMatchObject({ state: "unknown", reason: "unreachable: no route" });
});

test("health may report another name of the release", () => {
  const answer = host({ health: { state: "healthy", version: "2024-11", guard: undefined } });
  expect(judgeHost(answer, { ...wanted, serves: "2024-11" }).state).toBe("converged");
});

test("what most hosts serve; nothing where none shows a release", () => {
  const old = host({ current: "1.0.0", digest: "aa", folders: ["1.0.0"] });
  expect(mostServed([old, host(), host()])?.version).toBe("2.0.0");
  expect(mostServed([old, host()])?.version).toBe("1.0.0");
  expect(mostServed([{ ...host(), facts: undefined }])).toBeUndefined();
});
