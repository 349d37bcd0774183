import { type Candidate, columnsOf } from "./types.js";

/** The fewest indexes that do what all candidates are wanted for: what another one does too joins it. */
export function mergeCandidates(candidates: readonly Candidate[]): Candidate[] {
  const merged: Candidate[] = [];
  const widestFirst = [...candidates].sort((left, right) => columnsOf(right).length - columnsOf(left).length);
  for (const candidate of widestFirst) {
    const at = merged.findIndex((other) => does(other, candidate));
    if (at < 0) merged.push(candidate);
    else merged[at] = together(merged[at]!, candidate);
  }
  return merged;
}

function does(wide: Candidate, narrow: Candidate): boolean {
  if (wide.owner.table.id !== narrow.owner.table.id) return false;
  const columns = columnsOf(wide);
  const { equal, sorted } = narrow;
  const leading = columns.slice(0, equal.length);
  return (
    equal.every((name) => leading.some(({ column }) => column === name)) &&
    sorted.every(({ column, descending }, at) => {
      const own = columns[equal.length + at];
      return own?.column === column && own.descending === descending;
    })
  );
}

function together(wide: Candidate, narrow: Candidate): Candidate {
  const known = new Set(wide.reasons.map(({ text }) => text));
  const reasons = narrow.reasons.filter((reason) => reason.kind === "query" || !known.has(reason.text));
  return {
    ...wide,
    reasons: [...wide.reasons, ...reasons],
    probes: [...new Set([...wide.probes, ...narrow.probes])],
  };
}
