import type { IndexWorkFact } from "../findings/index-work.js";
import type { CheckResult } from "../findings/report.js";
import { blockerText } from "./index-progress.js";
import { textTable } from "./text-table.js";
import type { Theme } from "./theme.js";
import { duration, size, visible, wrap } from "./words.js";

/** The indexes that a check has worked on; undefined for every other check. */
export function indexWorkOf({ id, facts }: CheckResult): readonly IndexWorkFact[] | undefined {
  const { indexes } = facts as { indexes?: readonly IndexWorkFact[] };
  return id === "index-work" && indexes?.length ? indexes : undefined;
}

/** What was done for each index, or would be; then whom it waited for. */
export function renderIndexWork(work: readonly IndexWorkFact[], theme: Theme): string {
  const isPlanned = work.some(({ statements }) => statements !== undefined);
  return isPlanned ? planned(work, theme) : done(work, theme);
}

function done(work: readonly IndexWorkFact[], theme: Theme): string {
  const rows = work.flatMap((fact) => [
    rowOf(fact, ""),
    ...(fact.parts ?? []).map((part) => rowOf(part, "  ")),
  ]);
  const waits = work
    .flatMap((fact) => [fact, ...(fact.parts ?? [])])
    .flatMap((fact) => waitLines(fact, theme));
  const undo = work.flatMap(({ state, definition }) =>
    state === "dropped" && definition !== undefined ? [`${visible(definition)};`] : [],
  );
  return [
    textTable(["Index", "Table", "State", "Size", "Time"], rows, theme),
    ...(waits.length ? ["", ...waits] : []),
    ...(undo.length ? ["", theme.paint.dim("to have them again:"), ...undo] : []),
  ].join("\n");
}

function rowOf(fact: IndexWorkFact, indent: string): string[] {
  const again = (fact.attempts ?? 1) > 1 ? `, ${fact.attempts} attempts` : "";
  return [
    `${indent}${visible(fact.index)}`,
    visible(`${fact.schema}.${fact.table}`),
    `${fact.state}${again}`,
    fact.bytes === undefined ? "–" : size(fact.bytes),
    fact.durationMs === undefined ? "–" : duration(fact.durationMs),
  ];
}

function waitLines({ index, waitedFor = [] }: IndexWorkFact, { width, paint }: Theme): string[] {
  return waitedFor.map((each) =>
    paint.dim(wrap(`${visible(index)} waited for ${blockerText(each, true)}`, width)),
  );
}

function planned(work: readonly IndexWorkFact[], theme: Theme): string {
  return work.map((fact) => plannedOne(fact, theme)).join("\n\n");
}

function plannedOne(fact: IndexWorkFact, { paint, width, marks }: Theme): string {
  const { estimate, statements = [], waitedFor = [] } = fact;
  const numbers = estimate
    ? `about ${size(estimate.bytes)} in ${duration(estimate.seconds * 1000)}, ${size(estimate.diskBytes)} of disk at its peak, ${size(estimate.walBytes)} of write-ahead log`
    : undefined;
  return [
    `${paint.bold(visible(fact.index))} on ${visible(`${fact.schema}.${fact.table}`)}: ${fact.state}${fact.reason ? ` (${visible(fact.reason)})` : ""}`,
    ...statements.map((statement) => `    ${visible(statement)};`),
    ...(numbers ? [paint.dim(wrap(numbers, width, "    "))] : []),
    ...waitedFor.map((each) =>
      wrap(`${marks.arrow} ${verbFor(each.kind)} ${blockerText(each, true)}`, width, "    "),
    ),
  ].join("\n");
}

/** Standbys and slots make no build wait. */
function verbFor(kind: string): string {
  return kind === "standby" || kind === "slot" ? "vacuum is held back by" : "would wait for";
}
