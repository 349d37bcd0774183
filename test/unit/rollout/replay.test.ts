import { describe, expect, test } from "vitest";
import {
  approvalFor,
  type EntryDraft,
  gateFor,
  isBad,
  type Permit,
  type Phase,
  type Release,
  replay,
  timesOf,
} from "../../../src/rollout/index.js";
import { entriesOf, release } from "../../support/rollout.js";

const [first, second, bad] = [release("1.0.0", "1"), release("2.0.0", "2"), release("3.0.0", "3")];
const now = new Date("2026-11-24T12:00:00Z");

const begin = (rollout: string, wanted: Release): EntryDraft => ({
  ...{ rollout, kind: "begin", step: "rollout/begin", release: wanted },
});
const beginPhase = (rollout: string, phase: Phase, hosts: string[]): EntryDraft => ({
  ...{ rollout, kind: "begin", step: "phase/begin", phase, hosts },
});
const intend = (rollout: string, phase: Phase, host: string, prior?: Release): EntryDraft => ({
  ...{ rollout, kind: "intent", step: "hosts/switch", phase, hosts: [host] },
  ...(prior ? { priors: { [host]: prior } } : {}),
});
const serves = (rollout: string, phase: Phase, intent: number, host: string, seen: Release): EntryDraft => ({
  ...{ rollout, kind: "outcome", step: "hosts/switch", phase, intent, result: "done" },
  results: [{ host, state: "converged", release: seen }],
});

const canary = [
  begin("r1", second),
  beginPhase("r1", "canary", ["a", "b"]),
  intend("r1", "canary", "a", first),
  serves("r1", "canary", 3, "a", second),
];

test("nothing was written: nothing is known", () => {
  expect(replay([])).toMatchObject({ rollouts: [], lastAt: "" });
});

test("phase, progress and hosts in the middle of a rollout", () => {
  const { rollouts, hosts } = replay(entriesOf([...canary, intend("r1", "canary", "b", bad)]));
  expect(rollouts).toMatchObject([
    { rollout: "r1", release: second, phase: "canary", phases: [{ planned: ["a", "b"], converged: ["a"] }] },
  ]);
  expect(rollouts[0]!.open.map(({ sequence, hosts: meant }) => [sequence, meant])).toEqual([[5, ["b"]]]);
  expect(hosts.get("a")).toMatchObject({ state: "converged", release: second, prior: first });
  // It may serve either; what it served before is known all the same.
  expect(hosts.get("b")).toMatchObject({ state: "unknown", release: bad });
});

test("a host goes back to what it itself served, also where hosts differ", () => {
  const entries = entriesOf([
    ...canary,
    intend("r1", "canary", "b", bad),
    serves("r1", "canary", 5, "b", second),
    // A second look at the same release takes nothing away.
    serves("r1", "canary", 5, "b", second),
  ]);
  const { hosts } = replay(entries);
  expect(hosts.get("a")!.prior).toEqual(first);
  expect(hosts.get("b")!.prior).toEqual(bad);
});

test("a host that did not answer is unknown, with what it was last seen to serve", () => {
  const { hosts } = replay(
    entriesOf([
      ...canary,
      {
        ...{
          rollout: "r1",
          kind: "outcome",
          step: "hosts/probe",
          phase: "canary",
          intent: 3,
          result: "unknown",
        },
        results: [{ host: "a", state: "unknown", reason: "no answer" }],
      },
    ]),
  );
  expect(hosts.get("a")).toMatchObject({ state: "unknown", release: second, prior: first });
});

test("a rollout that ended has no phase, and a phase that was begun again stands anew", () => {
  const { rollouts } = replay(
    entriesOf([
      ...canary,
      { rollout: "r1", kind: "end", step: "phase/end", phase: "canary", result: "failed" },
      beginPhase("r1", "canary", ["b"]),
      { rollout: "r1", kind: "end", step: "rollout/end", result: "rolled-back" },
    ]),
  );
  expect(rollouts[0]).toMatchObject({ result: "rolled-back", phases: [{ planned: ["b"], converged: [] }] });
  expect(rollouts[0]).not.toHaveProperty("phase");
});

test("whoever took the lock is no rollout", () => {
  expect(replay(entriesOf([{ rollout: "r9", kind: "lock", step: "lock/take" }])).rollouts).toEqual([]);
});

describe("permits", () => {
  const mark = (as: "bad" | "good"): EntryDraft => ({
    ...{ rollout: "r1", kind: "mark", step: "release/mark", mark: as, release: bad },
  });
  const gate = (wanted: Release, verdict: "pass" | "fail", expires?: string): EntryDraft => ({
    ...{
      rollout: "r1",
      kind: "gate",
      step: "gate/result",
      release: wanted,
      gate: { name: "isolation", verdict },
    },
    ...(expires ? { expires } : {}),
  });
  const approval = (wanted: Release, expires: string): EntryDraft => ({
    ...{
      rollout: "r1",
      kind: "approval",
      step: "approval/give",
      phase: "production",
      release: wanted,
      expires,
    },
  });
  const reason = (permit: Permit) => ("reason" in permit ? permit.reason : "permitted");
  const isolation = (drafts: EntryDraft[], at = now) =>
    reason(gateFor(replay(entriesOf(drafts)), "isolation", second.digest, at));
  const production = (drafts: EntryDraft[], at = now) =>
    reason(approvalFor(replay(entriesOf(drafts)), "production", second.digest, at));

  test("a bad release stays bad until somebody says otherwise", () => {
    expect(isBad(replay(entriesOf([mark("bad")])), bad.digest)).toBe(true);
    expect(isBad(replay(entriesOf([mark("bad")])), second.digest)).toBe(false);
    expect(isBad(replay(entriesOf([mark("bad"), mark("good")])), bad.digest)).toBe(false);
  });

  test("a gate counts for its digest only, by its last result, until it expires", () => {
    expect(isolation([])).toBe("isolation has not run on this release");
    expect(isolation([gate(first, "pass")])).toMatch(/it has on another/);
    expect(isolation([gate(second, "pass")])).toBe("permitted");
    expect(isolation([gate(second, "pass"), gate(second, "fail")])).toBe("isolation ended with fail");
    expect(isolation([gate(second, "pass", "2026-11-24T11:00:00Z")])).toMatch(/has expired/);
    expect(isolation([gate(second, "pass", "2026-11-24T13:00:00Z")])).toBe("permitted");
  });

  test("an approval counts for its digest and phase, until it expires or is taken back", () => {
    expect(production([])).toMatch(/nobody has approved/);
    expect(production([approval(first, "2026-11-25T00:00:00Z")])).toMatch(/nobody has approved/);
    expect(production([approval(second, "2026-11-25T00:00:00Z")])).toBe("permitted");
    expect(production([approval(second, "2026-11-24T11:59:59Z")])).toMatch(/ana@ops1 has expired/);
    const back = { ...approval(second, "2026-11-25T00:00:00Z"), result: "aborted" as const };
    expect(production([approval(second, "2026-11-25T00:00:00Z"), back])).toMatch(/taken back/);
  });

  test("a clock that is set back brings no approval to life", () => {
    const given = approval(second, "2026-11-24T10:00:01.500Z");
    expect(production([given], new Date("2026-11-24T09:00:00Z"))).toBe("permitted");
    // The journal itself has come past that time.
    expect(production([given, begin("r1", second)], new Date("2026-11-24T09:00:00Z"))).toBe("permitted");
    expect(production([given, ...canary], new Date("2026-11-24T09:00:00Z"))).toMatch(/has expired/);
  });
});

test("time of a phase against the plan's", () => {
  const [rollout] = replay(entriesOf([begin("r1", first), beginPhase("r1", "rollback", ["a"])])).rollouts;
  const at = (minutes: number) =>
    timesOf(rollout!, new Date(Date.parse(rollout!.startedAt) + minutes * 60_000));
  expect(at(4)[0]).toMatchObject({ phase: "rollback", isOver: false, plannedTime: 300_000 });
  expect(at(6)[0]).toMatchObject({ isOver: true });
  expect(at(-10)[0]).toMatchObject({ elapsed: 0, isOver: false });
});
