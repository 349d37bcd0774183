import { createRequire } from "node:module";
import type { Theme } from "./theme.js";
import { displayWidth, shorten, shortenAll } from "./words.js";

const horizontalSpace = 2;

/**
 * A table without colour in its borders (cli-table3 would colour them when piped). Columns that do not fit
 * are narrowed, the widest first, and their cells cut in the middle.
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  theme: Theme,
): string {
  const Table = createRequire(import.meta.url)("cli-table3") as typeof import("cli-table3");
  const widths = fittedWidths(head, rows, theme.width);
  const cut = (cell: string, index: number) =>
    displayWidth(cell) > widths[index]! ? shorten(stripped(cell), widths[index]!) : cell;
  const columns = head.map((_, index) =>
    cutColumn(
      rows.map((row) => row[index] ?? ""),
      widths[index]!,
    ),
  );
  const table = new Table({
    head: head.map((cell, index) => theme.paint.bold(cut(cell, index))),
    style: { head: [], border: [], "padding-left": 0, "padding-right": horizontalSpace },
    chars: noBorders,
  });
  for (const [at, row] of rows.entries()) table.push(row.map((_, index) => columns[index]![at]!));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** The cells of a column that are too wide are cut together, so that different ones stay different. */
function cutColumn(cells: readonly string[], width: number): string[] {
  const bare = shortenAll(cells.map(stripped), width);
  return cells.map((cell, index) => (displayWidth(cell) > width ? bare[index]! : cell));
}

function fittedWidths(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): number[] {
  const widths = head.map((cell, index) =>
    Math.max(displayWidth(cell), ...rows.map((row) => displayWidth(row[index] ?? ""))),
  );
  const available = width - head.length * horizontalSpace;
  for (let total = sum(widths); total > available; total -= 1) {
    widths[widths.indexOf(Math.max(...widths))]! -= 1;
  }
  return widths;
}

/** Columns stand apart by space alone: nothing to colour, nothing that a screen reader spells out. */
const noBorders = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"]
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat("middle")
    .map((name) => [name, ""]),
);

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Colour codes can't be cut in the middle of. */
function stripped(cell: string): string {
  return cell.replace(/\u001b\[[\d;]*m/g, "");
}
