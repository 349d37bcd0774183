import type { Item } from "../doctor/index.js";
import type { Report } from "../findings/report.js";
import { type ChecklistItem, renderChecklist } from "../render/checklist.js";
import { labelled, type Theme } from "../render/theme.js";
import { count, visible, wrap } from "../render/words.js";

/** The items under their headings, then the verdict with what is missing. */
export function renderItems(items: readonly Item[], verdict: Report["verdict"], theme: Theme): string {
  const groups = [...new Set(items.map(({ group }) => group))];
  const blocks = groups.map((group) => {
    const own = items.filter((item) => item.group === group);
    return `${theme.paint.bold(visible(group))}\n${renderChecklist(own.map(lineOf), theme)}`;
  });
  return [...blocks, verdictOf(items, verdict, theme)].join("\n\n");
}

function lineOf({ status, name, found, usedFor, blocks, hint, commands }: Item): ChecklistItem {
  const text = {
    pass: `${found}; for ${usedFor}`,
    skipped: `${found}; not needed, would be for ${usedFor}`,
    error: `${found}; without it: ${blocks}`,
  }[status];
  return { status, name, text, hint: [...(hint ? [hint] : []), ...commands].join("\n") };
}

function verdictOf(items: readonly Item[], verdict: Report["verdict"], theme: Theme): string {
  const missing = items.filter(({ status }) => status === "error").map(({ id }) => id);
  const said =
    missing.length === 0
      ? "all that is needed is there"
      : `${count(missing.length, "needed thing is", "needed things are")} missing: ${missing.join(", ")}`;
  const head = labelled(theme, verdict, theme.paint.bold(verdict.toUpperCase()));
  return wrap(`${head}  ${visible(said)}`, theme.width);
}
