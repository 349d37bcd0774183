import type { Finding } from "../findings/finding.js";

/** What a step's answer should have been and was, a line a place; none under --no-samples, and for other rules. */
export function unmetLines({ evidence }: Finding): string[] {
  const { unmet = [] } = evidence as {
    unmet?: readonly { readonly place: string; readonly expected: string; readonly actual: string }[];
  };
  return unmet.map(
    ({ place, expected, actual }) => `${place || "the answer"}: expected ${expected}, got ${actual}`,
  );
}
