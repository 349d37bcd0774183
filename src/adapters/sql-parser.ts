import type { Node } from "libpg-query";

/** A node of PostgreSQL's own syntax tree: an object with one key, the node's type. */
export type SqlNode = Node;

export interface SqlParser {
  /** The statements of a text; undefined where PostgreSQL 18 would not read it. `$1` may stand for any value. */
  parse(text: string): SqlNode[] | undefined;
  /** 16 hexadecimal digits, the same for texts that differ in values, spaces, comments or aliases of output only. */
  fingerprint(text: string): string | undefined;
}

/** Characters; a longer statement is not worth the memory of its tree. */
const longestText = 200_000;

let loading: Promise<SqlParser> | undefined;

/** PostgreSQL's parser as WebAssembly (libpg_query); loaded when first asked for, in about 30 ms. */
export function loadSqlParser(): Promise<SqlParser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<SqlParser> {
  const { fingerprintSync, loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  const orUndefined = <Value>(text: string, read: (text: string) => Value): Value | undefined => {
    if (text.length > longestText) return undefined;
    try {
      return read(text);
    } catch {
      return undefined;
    }
  };
  return {
    parse: (text) =>
      orUndefined(text, (sql) => (parseSync(sql).stmts ?? []).flatMap(({ stmt }) => stmt ?? [])),
    fingerprint: (text) => orUndefined(text, fingerprintSync),
  };
}
