import { expect, test } from "vitest";
import { renderChecklist } from "../../../src/render/checklist.js";
import { themeFor } from "../../../src/render/theme.js";

const items = [
  { status: "pass" as const, name: "git", text: "word ".repeat(60).trim(), hint: "hint ".repeat(60).trim() },
  { status: "error" as const, name: "ansible-playbook", text: "missing" },
];
const shown = (FORCE_COLOR: string, columns: number) =>
  renderChecklist(items, themeFor({ isTerminal: true, columns, env: { FORCE_COLOR }, wantsColor: true }));

test.each([80, 120])("%i columns: colour changes no width, and no line is too long", (columns) => {
  const plain = shown("0", columns);
  expect(plain.split("\n").filter((line) => line.length > columns)).toEqual([]);
  const coloured = shown("1", columns);
  expect(coloured).not.toBe(plain);
  expect(coloured.replace(/\u001b\[[\d;]*m/g, "")).toBe(plain);
});
