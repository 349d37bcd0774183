import type { ActivityTable } from "./activity.js";
import { textTable } from "./text-table.js";
import type { Theme } from "./theme.js";
import { wrap } from "./words.js";

/** Lines that a statement may take on a terminal; the rest with --verbose. */
const shownLines = 3;

/** Figures first, then the statements that they are of, then what the figures do not show. */
export function renderActivity(
  { title, head, rows, texts, remarks, lines }: ActivityTable,
  theme: Theme,
  verbose: boolean,
): string {
  const { paint, width } = theme;
  const labelWidth = Math.max(0, ...texts.map(({ label }) => label.length)) + 2;
  const indent = " ".repeat(labelWidth);
  const statements = texts.map(({ label, text, note }) => {
    const all = wrap(text, width, indent).split("\n");
    const shown = verbose || all.length <= shownLines ? all : [...all.slice(0, shownLines - 1), `${indent}…`];
    shown[0] = `${label.padEnd(labelWidth)}${shown[0]!.slice(labelWidth)}`;
    return [...shown, ...(note ? [paint.dim(wrap(note, width, indent))] : [])].join("\n");
  });
  return [
    `${paint.bold(title)}${rows.length ? `\n${textTable(head, rows, theme)}` : ""}`,
    ...(statements.length ? [statements.join("\n")] : []),
    [
      ...remarks.map((remark) => paint.dim(wrap(remark, width))),
      // A line to copy is never broken.
      ...lines.map(({ way, line }) => `  ${paint.dim(`${way}:`)}\n    ${line}`),
    ].join("\n"),
  ]
    .filter(Boolean)
    .join("\n\n");
}
