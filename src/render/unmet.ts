import type { Finding } from "../findings/finding.js";
import { visible } from "./words.js";

const longestBody = 300;

/** What a step's answer should have been and was; none of its values under --no-samples. Nothing for other rules. */
export function unmetLines({ evidence }: Finding): string[] {
  const {
    unmet = [],
    answer,
    exchange,
  } = evidence as {
    unmet?: readonly { readonly place: string; readonly expected: string; readonly actual: string }[];
    answer?: { readonly status: number; readonly contentType: string };
    exchange?: { readonly body: string };
  };
  return [
    ...unmet.map(
      ({ place, expected, actual }) => `${place || "the answer"}: expected ${expected}, got ${actual}`,
    ),
    ...(answer ? [`answered ${answer.status}, ${answer.contentType}${bodyWords(exchange?.body)}`] : []),
  ];
}

/** The beginning of a body on one line; nothing where it is left out. */
function bodyWords(body: string | undefined): string {
  if (body === undefined) return "";
  const line = visible(body.replace(/\s+/g, " ").trim());
  if (line === "") return ", an empty body";
  return `: ${line.length > longestBody ? `${line.slice(0, longestBody)}…` : line}`;
}
