import type { Report } from "../findings/report.js";
import type { CleanupFacts } from "../isolation/index.js";
import { labelled, type Theme } from "../render/theme.js";
import { count, visible, wrap } from "../render/words.js";

/** What was deleted, what is left and why, one object a line; then the verdict. */
export function renderCleanup(facts: CleanupFacts, verdict: Report["verdict"], theme: Theme): string {
  const { deleted, left, forGood, unsure, isDryRun } = facts;
  const blocks = [
    ...listed(deleted, "deleted", theme),
    ...listed(left, isDryRun ? "would be deleted" : "still there", theme),
    ...listed(forGood, "can't be deleted: the API has no way to, so they are yours to delete", theme),
    ...listed(unsure, "may have been created, look there: a run was killed meanwhile", theme),
  ];
  const number = isDryRun ? left.length : deleted.length;
  const said =
    blocks.length === 0
      ? "no run has left anything"
      : `${count(number, "object")} ${isDryRun ? "would be deleted; nothing was" : "deleted"}${rest(facts)}`;
  const head = labelled(theme, verdict, theme.paint.bold(verdict.toUpperCase()));
  return [...blocks, wrap(`${head}  ${said}`, theme.width)].join("\n\n");
}

function listed(urls: readonly string[], title: string, { paint }: Theme): string[] {
  if (urls.length === 0) return [];
  return [
    [
      `${paint.bold(`${count(urls.length, "object")}`)} ${title}`,
      ...urls.map((url) => `  ${visible(url)}`),
    ].join("\n"),
  ];
}

function rest({ left, forGood, unsure, isDryRun }: CleanupFacts): string {
  const parts = [
    ...(left.length && !isDryRun ? [`${left.length} still there`] : []),
    ...(forGood.length ? [`${forGood.length} can't be`] : []),
    ...(unsure.length ? [`of ${unsure.length} it is not known`] : []),
  ];
  return parts.map((part) => `, ${part}`).join("");
}
