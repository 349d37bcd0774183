import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { JournalFile } from "../../../src/adapters/journal-file.js";
import { estimateBuild } from "../../../src/indexes/estimate.js";
import { judgeFailure, pauseBefore } from "../../../src/indexes/failure.js";
import { type IndexEntry, isOpen, recordedIn } from "../../../src/indexes/journal.js";
import { openWork } from "../../../src/indexes/resume.js";
import { isCorrupting, requireBuilder, type ServerFacts } from "../../../src/indexes/server.js";
import { shapeOf } from "../../../src/indexes/shape.js";

test("PostgreSQL 14.0 to 14.3 is refused, and no other", () => {
  expect([130_009, 140_000, 140_003, 140_004, 150_000].map(isCorrupting)).toEqual([
    ...[false, true, true, false, false],
  ]);
  const facts = { version: "14.2", versionNumber: 140_002, isStandby: false } as ServerFacts;
  expect(() => requireBuilder(facts)).toThrow(/14\.2 builds broken indexes .*\(fixed in 14\.4\)/);
});

describe("what a failure means for the next attempt", () => {
  const calm = new AbortController().signal;
  const coded = (code: string) => Object.assign(new Error("said"), { code });

  test.each([
    ["40P01", "again"],
    ["55P03", "again"],
    ["57P01", "again"],
    ["08006", "again"],
    ["ECONNRESET", "again"],
    ["42P07", "again"],
    ["23505", "duplicates"],
    ["57014", "failed"],
    ["53100", "failed"],
    ["42501", "failed"],
  ])("%s: %s", (code, kind) => {
    expect(judgeFailure(coded(code), calm).kind).toBe(kind);
  });

  test("whatever the server says, what we ended is stopped", () => {
    const abort = new AbortController();
    abort.abort(new Error("enough"));
    expect(judgeFailure(coded("57014"), abort.signal).kind).toBe("stopped");
  });

  test("pauses grow, differ, and have an end", () => {
    expect(pauseBefore(2, 0)).toBe(2 * pauseBefore(1, 0));
    expect(pauseBefore(1, 0)).not.toBe(pauseBefore(1, 0.5));
    expect(pauseBefore(50, 1)).toBeLessThanOrEqual(45_000);
  });
});

test("the estimate counts both readings of the table, and a sort that does not fit its memory", () => {
  const columns = [{ column: "a" }];
  const widths = [{ column: "a", width: 4 }];
  const once = estimateBuild({ columns }, { rows: 1e6, bytes: 1e8 }, widths, 1e9);
  // 1 M entries of 20 bytes, nine tenths full; PostgreSQL 18 makes one of 22 MB without equal keys.
  expect(once.bytes / 1e6).toBeCloseTo(22, 0);
  expect(once.diskBytes).toBe(once.bytes);
  expect(estimateBuild({ columns }, { rows: 1e6, bytes: 1e8 }, widths, 1e6).diskBytes).toBe(2 * once.bytes);
  const larger = estimateBuild({ columns }, { rows: 1e6, bytes: 2e8 }, widths, 1e9);
  expect(larger.seconds - once.seconds).toBeCloseTo((2 * 1e8) / 400e6);
  // Never analysed: by its size alone.
  expect(estimateBuild({ columns }, { rows: -1, bytes: 1e8 }, [], 1e9).bytes).toBeGreaterThan(1e7);
});

test.each([
  ["CREATE INDEX i ON public.t USING btree (a)", "USING btree (a)"],
  [
    "CREATE UNIQUE INDEX i ON ONLY public.t USING btree (a) WHERE (b > 1)",
    "UNIQUE USING btree (a) WHERE (b > 1)",
  ],
  ['CREATE INDEX "a ON ""b"" USING" ON "s.1"."t ON x" USING gin (a)', "USING gin (a)"],
  ["CREATE INDEX i ON pg_temp.tenantctl_shape USING btree (lower(a))", "USING btree (lower(a))"],
])("the shape of %s", (definition, shape) => {
  expect(shapeOf(definition)).toBe(shape);
});

describe("the journal", () => {
  function journalOf(...entries: IndexEntry[]) {
    const folder = mkdtempSync(join(tmpdir(), "tenantctl-journal-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const journal = JournalFile.create<IndexEntry>(join(folder, "indexes"), "run");
    for (const entry of entries) journal.append(entry);
    return journal;
  }
  const named = { schema: "public", name: "i" };
  const definition = { ...named, table: "t", columns: [{ column: "a" }] };
  const wanted: IndexEntry = { event: "wanted", ...named, definition };
  const building: IndexEntry = {
    ...{ event: "building", ...named, definition, statement: "", tableId: "1", shape: "s", attempt: 1 },
    backend: { pid: 1, started: "" },
  };
  const built: IndexEntry = { event: "built", ...named, indexId: "7", tableId: "1", shape: "s" };
  const settled: IndexEntry = { event: "settled", ...named, state: "built" };

  test.each<[string, IndexEntry[], boolean]>([
    ["asked for, its turn did not come", [wanted], true],
    ["killed in the middle", [wanted, building], true],
    ["built, killed before the end was written", [wanted, building, built], true],
    ["built", [wanted, building, built, settled], false],
    ["failed and cleaned", [wanted, building, { event: "cleaned", ...named }, settled], false],
    ["cleaned, and left open for resume", [wanted, building, { event: "cleaned", ...named }], true],
    ["its drop did not end", [wanted, building, { event: "cleaning", ...named }], true],
    [
      "dropped",
      [
        { event: "dropping", ...named, table: "t", indexId: "7", definition: "" },
        { event: "dropped", ...named },
      ],
      false,
    ],
  ])("%s", (_, entries, isLeftOpen) => {
    const records = recordedIn(journalOf(...entries));
    expect(records.map(isOpen)).toEqual([isLeftOpen]);
    const { builds, drops } = openWork(records);
    expect(builds.length + drops.length).toBe(isLeftOpen ? 1 : 0);
  });

  test("a last line that was cut is left out, and does not take the next with it", () => {
    const journal = journalOf(wanted);
    writeFileSync(journal.path, '{"event":"buil', { flag: "a" });
    expect(journal.entries()).toHaveLength(1);
    journal.append(settled);
    expect(journal.entries().map(({ event }) => event)).toEqual(["wanted", "settled"]);
  });
});
