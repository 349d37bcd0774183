import { expect, test } from "vitest";
import { finishCheck } from "../../../src/findings/check.js";
import { exitCodes } from "../../../src/findings/exit-codes.js";
import { completeFindings, fingerprint } from "../../../src/findings/finding.js";
import { nearestName } from "../../../src/findings/nearest.js";
import { type CheckStatus, checkStatus, verdictOf } from "../../../src/findings/report.js";

const finding = (severity: "error" | "warning") =>
  completeFindings([{ rule: "db/missing-index", subject: { table: "assets" }, message: "m", remedy: "r" }], {
    "db/missing-index": severity,
  });

test("of several outcomes fail beats error beats inconclusive, and only pass is a pass", () => {
  const verdict = (...statuses: CheckStatus[]) =>
    verdictOf(
      statuses.map((status) => ({
        id: status,
        title: status,
        status,
        durationMs: 0,
        facts: {},
        findings: [],
      })),
    );
  expect(verdict("pass", "inconclusive", "error", "fail")).toBe("fail");
  expect(verdict("pass", "inconclusive", "error")).toBe("error");
  expect(verdict("pass", "inconclusive", "skipped")).toBe("inconclusive");
  expect(verdict("pass", "skipped")).toBe("pass");
  expect(verdict("skipped")).toBe("inconclusive");
  expect(verdict()).toBe("inconclusive");
  expect(exitCodes).toMatchObject({ pass: 0, fail: 1, error: 2, inconclusive: 3 });
});

test("--fail-on sets the bar; what could not be done is no pass below it", () => {
  expect(checkStatus(finding("error"), "error")).toBe("fail");
  expect(checkStatus(finding("warning"), "error")).toBe("pass");
  expect(checkStatus(finding("warning"), "warning")).toBe("fail");
  expect(checkStatus(finding("error"), "never")).toBe("pass");
  expect(checkStatus(finding("warning"), "error", { status: "error" })).toBe("error");
  expect(checkStatus(finding("error"), "error", { status: "error" })).toBe("fail");
});

test("a fingerprint knows rule and subject, not the place", () => {
  const subject = { model: "Asset", table: "assets" };
  expect(fingerprint("db/missing-index", { ...subject, file: "a", line: 3, database: "x", host: "h" })).toBe(
    fingerprint("db/missing-index", { table: "assets", model: "Asset" }),
  );
  expect(fingerprint("db/missing-index", subject)).not.toBe(fingerprint("db/invalid-index", subject));
  expect(fingerprint("db/missing-index", subject)).toMatch(/^[0-9a-f]{64}$/);
});

test("suppressed findings count apart, until their day is over", () => {
  const outcome = {
    id: "x",
    title: "X",
    drafts: [
      {
        rule: "db/missing-index" as const,
        subject: { model: "Asset", table: "assets" },
        message: "m",
        remedy: "r",
      },
    ],
    durationMs: 1,
    facts: {},
  };
  const judge = (until: string, today: string) =>
    finishCheck(outcome, {
      failOn: "error",
      required: [],
      severities: {},
      suppressions: [{ rule: "db/missing-index", subjects: [{ table: "assets" }], reason: "small", until }],
      today: new Date(`${today}T10:00:00Z`),
    });
  expect(judge("2026-11-23", "2026-11-23")).toMatchObject({
    status: "pass",
    findings: [],
    suppressed: [{ suppression: { reason: "small" } }],
  });
  expect(judge("2026-11-23", "2026-11-24")).toMatchObject({ status: "fail", findings: [{}] });
});

test("a severity of off drops the rule", () => {
  expect(
    completeFindings([{ rule: "db/missing-index", subject: {}, message: "", remedy: "" }], {
      "db/missing-index": "off",
    }),
  ).toEqual([]);
});

test("the nearest name", () => {
  const known = ["Asset", "AssetTag", "Invoice"];
  expect(nearestName("Aset", known)).toBe("Asset");
  expect(nearestName("asset", known)).toBe("Asset");
  expect(nearestName("Zebra", known)).toBe(undefined);
});
