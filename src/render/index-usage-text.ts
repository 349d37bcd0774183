import type { IndexUsage, IndexUsageFacts } from "../findings/index-usage.js";
import { usageBasis, usageTable } from "./index-usage.js";
import { textTable } from "./text-table.js";
import type { Theme } from "./theme.js";
import { displayWidth, visible, wrap } from "./words.js";

const shownWithoutVerbose = 40;

/** Every index in a row, and below whose counters these are. */
export function renderIndexUsage(facts: IndexUsageFacts, theme: Theme, verbose: boolean): string {
  const { indexUsage } = facts;
  const shown = verbose ? indexUsage : indexUsage.slice(0, shownWithoutVerbose);
  const hidden = indexUsage.length - shown.length;
  const remarks = [
    ...(hidden > 0 ? [`and ${hidden} more: --verbose or --format json shows all`] : []),
    ...usageBasis(facts),
  ];
  return [
    shown.length ? table(shown, theme) : "no index was asked for, or there is none",
    ...remarks.map((remark) => theme.paint.dim(wrap(visible(remark), theme.width))),
  ].join("\n");
}

/** A table where it fits; else two short lines an index, so that no name is cut. */
function table(shown: readonly IndexUsage[], theme: Theme): string {
  const { head, rows } = usageTable(shown);
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => displayWidth(row[at]!))));
  const whole = widths.reduce((sum, width) => sum + width + 2, -2);
  if (whole <= theme.width) return textTable(head, rows, theme);
  const figures = head.indexOf("Marks");
  return rows
    .map((row) => {
      const marks = row[figures] ? `  ${row[figures]}` : "";
      const details = [
        row[1]!,
        ...row.slice(2, figures).map((cell, at) => `${head[at + 2]!.toLowerCase()} ${cell}`),
      ];
      return [
        wrap(`${theme.paint.bold(row[0]!)}${marks}`, theme.width),
        theme.paint.dim(wrap(details.join(" · "), theme.width, "    ")),
      ].join("\n");
    })
    .join("\n");
}
