import type { CheckResult } from "../findings/report.js";
import { type RuleId, ruleIds } from "../findings/rules.js";
import { textTable } from "./text-table.js";
import type { Theme } from "./theme.js";
import { visible, wrap } from "./words.js";

/** One cell of a matrix of routes by classes of leaks, as the facts of a check have it. */
export interface MatrixCell {
  readonly route: string;
  readonly rule: string;
  readonly label: string;
  readonly outcome: "denied" | "leaked" | "inconclusive" | "not applicable";
  readonly reason?: string;
}

/** The matrix of a check; undefined where it has none. */
export function matrixOf({ facts }: CheckResult): readonly MatrixCell[] | undefined {
  const { matrix } = facts as { matrix?: readonly MatrixCell[] };
  return matrix?.length ? matrix : undefined;
}

/** Routes by classes; of one route, a line a class with what was seen or why nothing was. */
export function renderMatrix(cells: readonly MatrixCell[], theme: Theme): string {
  const routes = [...new Set(cells.map(({ route }) => route))];
  return routes.length === 1 ? oneRoute(cells, theme) : manyRoutes(routes, cells, theme);
}

function oneRoute(cells: readonly MatrixCell[], theme: Theme): string {
  const widest = Math.max(...cells.map(({ rule }) => rule.length));
  const lines = cells.map((cell) => {
    const head = `${painted(cell, theme)} ${cell.rule.padEnd(widest)}  ${cell.outcome}`;
    return cell.reason === undefined
      ? head
      : `${head}\n${theme.paint.dim(wrap(visible(cell.reason), theme.width, "    "))}`;
  });
  return [theme.paint.bold(visible(cells[0]!.route)), ...lines].join("\n");
}

/** The classes in the order of the rules. */
export function labelsOf(cells: readonly MatrixCell[]): string[] {
  const order = (cell: MatrixCell) => ruleIds.indexOf(cell.rule as RuleId);
  const sorted = [...cells].sort((left, right) => order(left) - order(right));
  return [...new Set(sorted.map(({ label }) => label))];
}

const columnWidth = 4;
/** Of a route's name that has to be seen. */
const mostOfRoute = 40;

/** As a matrix where the width lets each route be read beside it; else a line a route with what is not denied. */
function manyRoutes(routes: readonly string[], cells: readonly MatrixCell[], theme: Theme): string {
  const longest = Math.max(...routes.map((route) => route.length));
  const needed = Math.min(longest, mostOfRoute) + columnWidth * labelsOf(cells).length;
  const signs = (["denied", "leaked", "inconclusive", "not applicable"] as const)
    .map((outcome) => `${signOf(outcome, theme)} ${outcome}`)
    .join("  ");
  return needed > theme.width
    ? `${shortRows(routes, cells, theme)}\n${theme.paint.dim(signs)}`
    : wholeMatrix(routes, cells, theme, signs);
}

function shortRows(routes: readonly string[], cells: readonly MatrixCell[], theme: Theme): string {
  const rows = routes.map((route) => {
    const own = labelsOf(cells).flatMap((label) => {
      const found = cells.filter((each) => each.route === route && each.label === label);
      return found.length ? [worstOf(found)] : [];
    });
    const named = own.filter(({ outcome }) => outcome === "leaked" || outcome === "inconclusive");
    const counted = (["denied", "not applicable"] as const).map((outcome) => {
      const same = own.filter((cell) => cell.outcome === outcome);
      return same.length ? `${painted(same[0]!, theme)} ${same.length}` : "";
    });
    return [
      visible(route),
      ...counted,
      named.map((cell) => `${painted(cell, theme)} ${cell.label}`).join("  "),
    ];
  });
  return textTable(["Route", "", "", ""], rows, theme);
}

/** Columns by number, so that they stay narrow: a legend says what each number is. */
function wholeMatrix(
  routes: readonly string[],
  cells: readonly MatrixCell[],
  theme: Theme,
  signs: string,
): string {
  const labels = labelsOf(cells);
  const head = labels.map((_, index) => String(index + 1));
  const rows = routes.map((route) => [
    visible(route),
    ...labels.map((label) => {
      const found = cells.filter((each) => each.route === route && each.label === label);
      return found.length ? painted(worstOf(found), theme) : "";
    }),
  ]);
  const classes = labels.map((label, index) => `${index + 1} ${label}`).join(", ");
  const legend = theme.paint.dim(`${wrap(classes, theme.width)}\n${signs}`);
  return `${textTable(["Route", ...head], rows, theme)}\n${legend}`;
}

const ranks = ["leaked", "inconclusive", "denied", "not applicable"] as const;

/** The loudest outcome of cells that share a place. */
export function worstOf(cells: readonly MatrixCell[]): MatrixCell {
  return [...cells].sort((left, right) => ranks.indexOf(left.outcome) - ranks.indexOf(right.outcome))[0]!;
}

function painted({ outcome }: MatrixCell, theme: Theme): string {
  const { paint } = theme;
  const sign = signOf(outcome, theme);
  if (outcome === "leaked") return paint.red(sign);
  if (outcome === "denied") return paint.green(sign);
  return outcome === "inconclusive" ? paint.yellow(sign) : paint.dim(sign);
}

/** The word stands beside it, or in the legend: nothing rests on the sign alone. */
function signOf(outcome: MatrixCell["outcome"], { marks }: Theme): string {
  return {
    denied: marks.pass,
    leaked: marks.fail,
    inconclusive: marks.unknown,
    "not applicable": marks.skipped,
  }[outcome];
}
