import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/findings/finding.js";
import { compare, isEqual } from "./compare.js";
import type { Expected } from "./expected.js";

const expected: Expected = {
  rule: "db/orphan-rows",
  subject: { model: "Invoice", schema: "public", table: "invoices", column: "tenantId" },
  rows: 2,
  keys: ["7", "8"],
};

function found(changes: Partial<Finding> = {}, evidence: Record<string, unknown> = {}): Finding {
  return {
    rule: "db/orphan-rows",
    severity: "error",
    subject: { ...expected.subject },
    message: "2 rows",
    remedy: "",
    fingerprint: "",
    evidence: { rows: 2, sample: [7, 8], ...evidence },
    ...changes,
  };
}

function differs(want: readonly Expected[], got: readonly Finding[]): boolean {
  return !isEqual(compare(want, got));
}

describe("the comparison of what was planted with what was found", () => {
  it("holds where both are the same, in any order", () => {
    const other: Expected = { rule: "registry/name-case", subject: { model: "Asset" } };
    const name = found({ rule: "registry/name-case", subject: { model: "Asset", line: 3 }, evidence: {} });
    expect(differs([], [])).toBe(false);
    expect(differs([expected, other], [name, found()])).toBe(false);
  });

  it("fails where a finding is missing, one is extra, or one is there twice", () => {
    expect(differs([expected], [])).toBe(true);
    expect(differs([], [found()])).toBe(true);
    expect(differs([expected], [found(), found()])).toBe(true);
    expect(differs([expected, expected], [found()])).toBe(true);
  });

  it("fails where the count is wrong, missing or estimated", () => {
    expect(differs([expected], [found({}, { rows: 3 })])).toBe(true);
    expect(differs([expected], [found({}, { rows: undefined })])).toBe(true);
    expect(differs([expected], [found({}, { estimated: true })])).toBe(true);
  });

  it("fails where the rule or anything that identifies the subject is another", () => {
    expect(differs([expected], [found({ rule: "db/null-tenant-rows" })])).toBe(true);
    for (const key of ["model", "schema", "table", "column", "references"]) {
      const subject = { ...expected.subject, [key]: "another" };
      expect(differs([expected], [found({ subject })]), key).toBe(true);
    }
    const { model: _, ...withoutModel } = expected.subject;
    expect(differs([expected], [found({ subject: withoutModel })])).toBe(true);
  });

  it("fails where the sample holds a row that was not planted, one twice, or too few", () => {
    expect(differs([expected], [found({}, { sample: [7, 9] })])).toBe(true);
    expect(differs([expected], [found({}, { sample: [7, 7] })])).toBe(true);
    expect(differs([expected], [found({}, { sample: [7] })])).toBe(true);
    expect(differs([expected], [found({}, { sample: undefined })])).toBe(true);
  });

  it("takes no notice of the order in which a composite key is listed", () => {
    const subject = { schema: "public", table: "t", column: "a, b", references: "public.p.x, y" };
    const want: Expected = { rule: "db/missing-foreign-key", subject };
    const got = { ...subject, column: "b, a", references: "public.p.y, x" };
    expect(differs([want], [found({ rule: want.rule, subject: got, evidence: {} })])).toBe(false);
    const other = { ...subject, references: "public.q.x, y" };
    expect(differs([want], [found({ rule: want.rule, subject: other, evidence: {} })])).toBe(true);
  });
});
