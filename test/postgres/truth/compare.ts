import type { Finding } from "../../../src/findings/finding.js";
import { type Expected, rowKey } from "./expected.js";

/** Subject keys that tell one finding of a rule from another. */
const identifying: Readonly<Record<string, readonly string[]>> = {
  "registry/scoped-without-column": ["model", "field"],
  "registry/column-without-scope": ["model", "field"],
  "registry/missing-index": ["model", "field"],
  "registry/missing-relation": ["model", "field"],
  "registry/column-type-mismatch": ["model", "field"],
  "registry/sub-scope-without-tenant": ["model", "field"],
  "registry/nullable-column": ["model", "field"],
  "registry/unique-without-tenant": ["model", "field"],
  "db/invalid-index": ["model", "schema", "table", "index"],
  "db/missing-foreign-key": ["model", "schema", "table", "column", "references"],
  "db/wrong-foreign-key-target": ["model", "schema", "table", "column", "constraint"],
  "db/unvalidated-foreign-key": ["model", "schema", "table", "column", "constraint"],
  "db/orphan-rows": ["model", "schema", "table", "column", "references"],
  "db/cross-tenant-reference": ["model", "schema", "table", "column", "references"],
};

/** Where expectation and report differ; nothing where they agree. */
export interface Difference {
  /** Expected, and not in the report. */
  readonly missing: readonly string[];
  /** In the report, and not expected. */
  readonly extra: readonly string[];
}

/**
 * Compares two multisets: each expected finding has to be in the report once, with its exact number of rows
 * and a sample of none but those rows, and nothing else may be.
 */
export function compare(expected: readonly Expected[], actual: readonly Finding[]): Difference {
  const left = [...actual];
  const missing: string[] = [];
  for (const each of expected) {
    const at = left.findIndex((finding) => isSame(each, finding));
    if (at < 0) missing.push(describeExpected(each));
    else left.splice(at, 1);
  }
  return { missing, extra: left.map(describeActual) };
}

export function isEqual({ missing, extra }: Difference): boolean {
  return missing.length === 0 && extra.length === 0;
}

function isSame(expected: Expected, { rule, subject, evidence }: Finding): boolean {
  if (rule !== expected.rule || identityOf(rule, subject) !== identityOf(rule, expected.subject))
    return false;
  if (evidence.rows !== expected.rows || evidence.estimated === true) return false;
  return expected.keys === undefined || isSampleOf(expected.keys, evidence.sample);
}

/** At most ten keys, as many as there can be, each of a row that was planted, none twice. */
function isSampleOf(planted: readonly string[], sample: unknown): boolean {
  if (!Array.isArray(sample)) return false;
  const keys = sample.map((key) => rowKey(typeof key === "object" ? Object.entries(key) : [["", key]]));
  const isWhole = keys.length === Math.min(10, planted.length) && new Set(keys).size === keys.length;
  return isWhole && keys.every((key) => planted.includes(key));
}

function identityOf(rule: string, subject: object): string {
  const keys =
    identifying[rule] ?? (rule.startsWith("db/") ? ["model", "schema", "table", "column"] : ["model"]);
  const values = subject as Readonly<Record<string, string | undefined>>;
  return keys.map((key) => `${key}=${sorted(key, values[key])}`).join(" · ");
}

/** Columns of a composite key, in an order of their own: how a key lists them says nothing. */
function sorted(key: string, value = ""): string {
  const columns = (text: string) => text.split(", ").sort().join(", ");
  if (key === "column") return columns(value);
  if (key !== "references" || value === "") return value;
  const [schema, table, ...rest] = value.split(".");
  return [schema, table, columns(rest.join("."))].join(".");
}

function describeExpected({ rule, subject, rows }: Expected): string {
  return `${rule}: ${identityOf(rule, subject)}${rows === undefined ? "" : ` · rows=${rows}`}`;
}

function describeActual({ rule, subject, evidence, message }: Finding): string {
  const rows = evidence.rows === undefined ? "" : ` · rows=${evidence.rows}`;
  return `${rule}: ${identityOf(rule, subject)}${rows} · ${message}`;
}
