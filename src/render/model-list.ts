import { textTable } from "./text-table.js";
import type { Theme } from "./theme.js";
import { displayWidth, visible, wrap } from "./words.js";

/** One model of `registry list`, as text. */
export interface ModelLine {
  readonly model: string;
  readonly table: string;
  readonly category: string;
  readonly tenantPath: string;
  readonly index: string;
  readonly foreignKey: string;
}

/** A table where it fits without cutting a name; else two lines a model. */
export function renderModelList(lines: readonly ModelLine[], theme: Theme): string {
  const head = ["Model", "Table", "Category", "Tenant path", "Index", "Foreign key"];
  const rows = lines.map(({ model, table, category, tenantPath, index, foreignKey }) =>
    [model, table, category, tenantPath, index, foreignKey].map(visible),
  );
  const widths = head.map((cell, at) =>
    Math.max(...[head, ...rows].map((row) => displayWidth(row[at] ?? cell))),
  );
  const total = widths.reduce((sum, width) => sum + width + 2, 0);
  if (total <= theme.width) return textTable(head, rows, theme);
  return lines.map((line) => twoLines(line, theme)).join("\n");
}

function twoLines(
  { model, table, category, tenantPath, index, foreignKey }: ModelLine,
  theme: Theme,
): string {
  const first = `${theme.paint.bold(visible(model))}  category ${category}, tenant path ${visible(tenantPath)}`;
  const second = `table ${visible(table)}, index ${visible(index)}, foreign key ${visible(foreignKey)}`;
  return `${first}\n${wrap(second, theme.width, "    ")}`;
}
