import { expect, test } from "vitest";
import { sayNotes } from "../../../src/cli/isolation-notes.js";

function notesOf(facts: Record<string, unknown>, samples = true): string[] {
  const notes: string[] = [];
  sayNotes(facts, samples, (text) => notes.push(text));
  return notes;
}

const row = { tenant: "b", route: "GET /accounts", id: "acc-17", fields: ["balance"], isOurs: false };

test("nothing to say", () => {
  expect(notesOf({ left: [], untried: [], differences: [], listsNotCompared: [] })).toEqual([]);
});

test("what differs is named, and laid at the run's door only where it holds a value of the run's", () => {
  const differences = [
    { ...row, what: "changed" },
    { ...row, what: "changed", id: "acc-18", fields: ["name"], isOurs: true },
    { ...row, what: "gone", fields: [] },
    { ...row, what: "left behind", fields: [], isOurs: true },
    { ...row, what: "new", fields: [] },
  ];
  expect(notesOf({ differences })).toEqual([
    expect.stringMatching(/^note: 1 rows that this run left behind.*: acc-17 in GET \/accounts of b$/),
    expect.stringMatching(
      /^note: 1 rows .* were changed by this run: acc-18 in GET \/accounts of b \(name\)$/,
    ),
    expect.stringMatching(/differ since the run began \(by it, or by others\): acc-17 .* \(balance\)$/),
    expect.stringMatching(/are gone since the run began \(by it, or by others\)/),
    expect.stringMatching(/are new since the run began \(by it, or by others\)/),
  ]);
});

test("with --no-samples no id is in a note", () => {
  const facts = { left: ["/accounts/acc-19"], differences: [{ ...row, what: "changed" }] };
  expect(notesOf(facts, false)).toHaveLength(2);
  expect(notesOf(facts, false).join("\n")).not.toMatch(/acc-/);
});

test("lists that were not compared, and what one URL leaves open, are said", () => {
  const matrix = [
    { label: "list", outcome: "not applicable", reason: "nobody knows" },
    { label: "override", outcome: "denied" },
  ];
  const listsNotCompared = [{ tenant: "a", route: "GET /secrets", reason: "it answers 403" }];
  expect(notesOf({ matrix, guessed: ["tenantId"], listsNotCompared })).toEqual([
    expect.stringMatching(/1 lists were not compared .*: GET \/secrets of a \(it answers 403\)$/),
    expect.stringMatching(/what names a tenant in a query is guessed \(tenantId\)/),
    expect.stringMatching(/nothing is said of list \(nobody knows\)$/),
  ]);
});
