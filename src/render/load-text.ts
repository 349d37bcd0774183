import type { LoadBar, LoadReading } from "../findings/load.js";
import { conclusionsOf, methodOf, rangeOf, sidesOf } from "./load.js";
import { textTable } from "./text-table.js";
import type { Theme } from "./theme.js";
import { grouped, visible, wrap } from "./words.js";

/** Both sides as a table, their histograms beside each other, and what follows. */
export function renderLoad(reading: LoadReading, theme: Theme): string {
  const { head, rows } = sidesOf(reading);
  return [
    textTable(head, rows, theme),
    histogram(reading.histogram, theme),
    conclusionsOf(reading)
      .map((words) => wrap(visible(words), theme.width))
      .join("\n"),
    theme.paint.dim(wrap(visible(methodOf(reading)), theme.width)),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/**
 * A line for each range of latency, a bar for each side. Bars grow with the logarithm of the count: the tail, a
 * request in a hundred or fewer, would not be seen otherwise. The counts stand beside them.
 */
function histogram(bars: readonly LoadBar[], theme: Theme): string {
  if (bars.length === 0) return "";
  const ranges = bars.map(rangeOf);
  const rangeWidth = Math.max("ms".length, ...ranges.map((range) => range.length));
  const counts = bars.flatMap(({ baseline, candidate }) => [baseline, candidate]);
  const countWidth = Math.max(...counts.map((each) => grouped(each).length));
  const room = Math.floor((theme.width - rangeWidth - 2 * (countWidth + 3)) / 2);
  const barWidth = Math.max(4, Math.min(30, room));
  const most = Math.max(...counts);
  const cell = (number: number) =>
    `${grouped(number).padStart(countWidth)} ${barOf(number, most, barWidth, theme)}`;
  const title = (name: string) => name.slice(0, countWidth + 1 + barWidth).padEnd(countWidth + 1 + barWidth);
  const lines = bars.map(({ baseline, candidate }, index) =>
    `${ranges[index]!.padStart(rangeWidth)}  ${cell(baseline)}  ${cell(candidate)}`.trimEnd(),
  );
  const head = `${"ms".padStart(rangeWidth)}  ${title("baseline")}  ${title("candidate")}`.trimEnd();
  return [theme.paint.bold(head), ...lines, theme.paint.dim("bars: logarithm of the count")].join("\n");
}

function barOf(number: number, most: number, width: number, { hasUnicode }: Theme): string {
  const filled =
    number === 0 ? 0 : Math.max(1, Math.round((width * Math.log(number + 1)) / Math.log(most + 1)));
  return (hasUnicode ? "█" : "#").repeat(filled).padEnd(width);
}
