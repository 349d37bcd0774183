import { readFileSync } from "node:fs";

const cache = new Map<string, string>();

/**
 * Text of `sql/<id>.sql`. Placeholders are psql's, so that a file can be tried by hand: `:"name"` is an
 * identifier, `:name` a piece of SQL, `$1` a value.
 */
export function readSql(id: string): string {
  const known = cache.get(id);
  if (known !== undefined) return known;
  const text = readFileSync(new URL(`../../sql/${id}.sql`, import.meta.url), "utf8");
  cache.set(id, text);
  return text;
}

export interface SqlParts {
  /** For `:"name"`: quoted here. */
  readonly identifiers?: Readonly<Record<string, string>>;
  /** For `:name`: SQL built by the caller from quoted identifiers. */
  readonly fragments?: Readonly<Record<string, string>>;
}

/**
 * Fills the placeholders of a SQL text; comments are dropped.
 *
 * @throws Error on a placeholder that has no value: a bug, never the user's fault.
 */
export function fillSql(text: string, { identifiers = {}, fragments = {} }: SqlParts): string {
  const code = text.replace(/^--.*\n/gm, "");
  // One pass, so that a name such as "a:b" that was filled in is not looked at again.
  return code.replace(/:"(\w+)"|(?<![:\w]):([a-z]\w*)/g, (_, identifier?: string, fragment?: string) =>
    identifier === undefined
      ? placeholderValue(fragments, fragment!)
      : quoteIdentifier(placeholderValue(identifiers, identifier)),
  );
}

/** `"name"`, with quotes inside doubled. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `'text'`, safe with standard_conforming_strings on (the default since 9.1). */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function placeholderValue(values: Readonly<Record<string, string>>, name: string): string {
  const value = values[name];
  if (value === undefined) throw new Error(`SQL placeholder :${name} has no value`);
  return value;
}
