import { runInNewContext } from "node:vm";
import type { AttributionBasis } from "../../findings/connections.js";
import { UsageError } from "../../findings/errors.js";
import type { Tenancy } from "../../registry/index.js";
import { edgeComments } from "./comments.js";

/** What a session says of its tenant. */
export interface Attribution {
  readonly tenant: string;
  readonly by: AttributionBasis;
}

interface Said {
  readonly application: string;
  /** Its statement; null where it can't be seen. */
  readonly text: string | null;
}

/** `app - 10.0.0.7:4711`: what PgBouncer's application_name_add_host makes of `app`. */
const poolerSuffix = / - (?:\d{1,3}(?:\.\d{1,3}){3}|\[?[\da-f:]+\]?|unix)(?:\(\d+\)@\S+)?:\d{1,5}$/i;

/** For all names together, in milliseconds: a pattern that backtracks without end is stopped. */
const patternTime = 500;

/**
 * Whose each session is: as the application's name says, else a comment at its statement's beginning or end.
 *
 * @param pattern of config, for application names; by default `tenant:…`, or the schema's own words for it
 * @throws UsageError where the pattern takes too long.
 */
export function attribute(
  sessions: readonly Said[],
  tenancy: Pick<Tenancy, "model" | "column">,
  pattern: string | undefined,
): (Attribution | undefined)[] {
  const words = tenantWords(tenancy);
  const names = sessions.map(({ application }) => application.replace(poolerSuffix, ""));
  const byName = matchAll(pattern ?? namePattern(words), names);
  return sessions.map(({ text }, index) => {
    const named = byName[index];
    if (named) return { tenant: named, by: "application_name" };
    const said = text === null ? undefined : inComments(text, words);
    return said === undefined ? undefined : { tenant: said, by: "comment" };
  });
}

export function hasPoolerSuffix(application: string): boolean {
  return poolerSuffix.test(application);
}

/** Keys that stand before a tenant's id: `tenant`, `tenant_id`, `organizationId`, and so on. */
function tenantWords({ model, column }: Pick<Tenancy, "model" | "column">): string[] {
  const bases = ["tenant", model.name, column.replace(/_?id$/i, "")].map(simple);
  return [...new Set(bases.flatMap((base) => [base, `${base}id`]))];
}

/** `tenant_id`, `tenant-id`, `TenantID`: the same word. */
function simple(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function namePattern(words: readonly string[]): string {
  const keys = words.map((word) => [...word].map(escaped).join("[-_.]?")).join("|");
  return `(?:^|[^\\p{L}\\p{N}])(?:${keys})[:=/](?<tenant>[^\\s,;|()\\[\\]'"]+)`;
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** The group `tenant` of each text; undefined where it does not match. */
function matchAll(pattern: string, texts: readonly string[]): (string | undefined)[] {
  const script =
    "const found = new RegExp(pattern, 'iu'); JSON.stringify(texts.map((text) => found.exec(text)?.groups?.tenant ?? null))";
  try {
    const found = runInNewContext(script, { pattern, texts: [...texts] }, { timeout: patternTime });
    return (JSON.parse(found as string) as (string | null)[]).map((text) => text || undefined);
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new UsageError(
      `database.attribution takes more than ${patternTime} ms for the names of ${texts.length} connections`,
      "a repetition inside a repetition, such as (a+)+, has no end: write it as a+",
    );
  }
}

/** `tenant_id='acme'` of sqlcommenter, or plain `tenant:acme`. */
function inComments(text: string, words: readonly string[]): string | undefined {
  for (const comment of edgeComments(text)) {
    for (const [, key, quoted, plain] of comment.matchAll(
      /([\p{L}\p{N}_.-]{1,64})\s{0,3}[=:]\s{0,3}(?:'((?:[^'\\]|\\.){0,256})'|([^\s,;'"*]{1,256}))/gu,
    )) {
      const value = quoted === undefined ? plain : decoded(quoted);
      if (value && words.includes(simple(key!))) return value;
    }
  }
  return undefined;
}

/** sqlcommenter encodes as a URL does, and puts a backslash before quotes. */
function decoded(value: string): string {
  const bare = value.replace(/\\(.)/g, "$1");
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}
