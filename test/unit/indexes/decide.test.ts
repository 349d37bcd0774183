import { describe, expect, test } from "vitest";
import { JournalFile } from "../../../src/adapters/journal-file.js";
import { decide } from "../../../src/indexes/decide.js";
import type { IndexEntry, Recorded } from "../../../src/indexes/journal.js";
import type { Standing } from "../../../src/indexes/standing.js";

const wanted = { schema: "public", name: "i", tableId: "10", shape: "USING btree (a)" };
const invalid: Standing = {
  id: "77",
  kind: "i",
  tableId: "10",
  tableSchema: "public",
  table: "t",
  isValid: false,
  isReady: false,
  isUnique: false,
  waitsForSnapshots: false,
  isReplicaIdentity: false,
  definition: "CREATE INDEX i ON public.t USING btree (a)",
  shape: "USING btree (a)",
  bytes: 0,
  constraints: null,
  attachedTo: null,
  builtBy: null,
};
const building: Recorded = {
  journal: new JournalFile<IndexEntry>("none"),
  schema: "public",
  name: "i",
  isWanted: true,
  isSettled: false,
  state: "building",
  shape: "USING btree (a)",
  tableId: "10",
};
const actOf = (standing: Standing | undefined, ...records: Recorded[]) =>
  decide(wanted, standing, records).act;

test("a free name is built, a valid index of the same definition is enough", () => {
  expect(actOf(undefined)).toBe("build");
  expect(actOf({ ...invalid, isValid: true })).toBe("nothing");
});

test("a build in progress is followed, ours or not", () => {
  expect(actOf({ ...invalid, builtBy: 4711 })).toBe("follow");
  expect(actOf({ ...invalid, builtBy: 4711 }, building)).toBe("follow");
});

describe("an invalid index is ours only where all of it agrees", () => {
  test("with the journal that began it", () => {
    expect(actOf(invalid, building)).toBe("clean");
    expect(actOf(invalid, { ...building, state: "left" })).toBe("clean");
    expect(actOf(invalid, { ...building, indexId: "77" })).toBe("clean");
  });

  test.each<[string, Partial<Recorded>]>([
    ["no object id that differs", { indexId: "78" }],
    ["no other table", { tableId: "11" }],
    ["no other definition", { shape: "USING btree (b)" }],
    ["no other schema", { schema: "other" }],
    ["none that was finished", { state: "built" }],
    ["none that was cleaned up after", { state: "failed" }],
  ])("%s", (_, difference) => {
    expect(actOf(invalid, { ...building, ...difference })).toBe("leave");
  });

  test("an older definition of ours under the name is dropped too", () => {
    const old = { ...invalid, shape: "USING btree (b)" };
    expect(actOf(old, { ...building, shape: "USING btree (b)" })).toBe("clean");
  });
});

test.each<[string, Partial<Standing>]>([
  ["other columns", { isValid: true, shape: "USING btree (b)" }],
  ["another table", { isValid: true, tableId: "11" }],
  ["a table's name", { kind: "r", tableId: null }],
])("a conflict: %s", (_, difference) => {
  expect(actOf({ ...invalid, ...difference }, building)).toBe("conflict");
});
