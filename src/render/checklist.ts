import { labelled, type Theme } from "./theme.js";
import { type CheckStatus, displayWidth, type Severity, visible, wrap } from "./words.js";

/** One line of a list of things that are there or not. */
export interface ChecklistItem {
  readonly status: CheckStatus | Severity;
  readonly name: string;
  readonly text: string;
  /** What to do about it, below the line. */
  readonly hint?: string | undefined;
}

/** A mark, a name and what was found, aligned; a hint stands below its line. */
export function renderChecklist(items: readonly ChecklistItem[], theme: Theme): string {
  const width = Math.max(...items.map(({ name }) => displayWidth(name)));
  return items
    .map(({ status, name, text, hint }) => {
      const head = `${markOf(status, theme)} ${name}${" ".repeat(width - displayWidth(name))}  `;
      const indent = " ".repeat(width + 4);
      const lines = wrap(visible(text), theme.width, indent).trimStart();
      const below = hint
        ? [theme.paint.dim(wrap(`${theme.marks.arrow} ${visible(hint)}`, theme.width, indent))]
        : [];
      return [`${head}${lines}`, ...below].join("\n");
    })
    .join("\n");
}

/** The mark alone, in its colour: the space after it stands before the escape that ends the colour. */
function markOf(status: ChecklistItem["status"], theme: Theme): string {
  return labelled(theme, status, "").replace(/ (?=(\u001b\[[\d;]*m)*$)/, "");
}
