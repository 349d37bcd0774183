import { visible } from "../words.js";

/** HTML that needs no further escaping. Only `html` and `raw` make it. */
export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Template for HTML: what is put in is escaped, save Html and lists of it. */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Html {
  const parts = strings.map((part, index) => part + (index < values.length ? fill(values[index]) : ""));
  return new Html(parts.join(""));
}

function fill(value: unknown): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(fill).join("");
  if (value === undefined || value === null || value === false) return "";
  return escapeText(String(value));
}

/** Control characters are spelt out, as on a terminal: one that turns the direction of writing can fake a name. */
function escapeText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character]!);
}
