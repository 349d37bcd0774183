import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { ParseResult, parseSync as ParseSync } from "oxc-parser";
import { changedNames } from "./changes.js";
import { type Declarations, declarationsOf } from "./declarations.js";

/** A syntax tree node of oxc-parser (ESTree, TypeScript included), read field by field. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** A name of another module; `*` is all of it. */
export interface Elsewhere {
  readonly from: string;
  readonly name: string;
}

/** A parsed module: what it declares, by top-level name, and where it stands. */
export interface SourceModule extends Declarations {
  readonly path: string;
  readonly shown: string;
  readonly text: string;
  /**
   * Names whose value is changed after they were declared, and `exports` where that is so for what is exported
   * the CommonJS way: nobody knows it without running the module.
   */
  readonly changed: ReadonlySet<string>;
}

/** A module can't be read or parsed; `line` is set for a syntax error. */
export class SourceError extends Error {
  constructor(
    message: string,
    readonly path: string,
    readonly line?: number,
  ) {
    super(message);
    this.name = "SourceError";
  }
}

/**
 * Parses a TypeScript or JavaScript module without running it.
 *
 * @param show turns a path into what messages and locations hold
 * @throws SourceError where it can't be read or has a syntax error.
 */
export function parseModule(path: string, show: (path: string) => string): SourceModule {
  const text = readText(path);
  // Loaded when first needed: most commands never parse a module.
  const { parseSync } = createRequire(import.meta.url)("oxc-parser") as { parseSync: typeof ParseSync };
  const result: ParseResult = parseSync(path, text);
  const [error] = result.errors;
  if (error) throw new SourceError(error.message, path, lineAt(text, error.labels[0]?.start ?? 0));
  const body = (result.program as unknown as { body: Node[] }).body;
  let changed: ReadonlySet<string> | undefined;
  return {
    path,
    shown: show(path),
    text,
    ...declarationsOf(body),
    // Not every module that is parsed has its values read.
    get changed() {
      changed ??= changedNames(body);
      return changed;
    },
  };
}

/** True for an export that stands in another module. */
export function isElsewhere(exported: Node | Elsewhere): exported is Elsewhere {
  return "from" in exported && typeof exported.from === "string";
}

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SourceError(code === "ENOENT" ? "there is no such file" : (code ?? message), path);
  }
}

/** `a.b.c` for a chain of plain property accesses, else undefined. */
export function memberPath(node: Node): string | undefined {
  if (node.type === "Identifier") return nameOf(node);
  if (node.type !== "MemberExpression" || node.computed) return undefined;
  const object = memberPath(node.object as Node);
  return object === undefined ? undefined : `${object}.${nameOf(node.property)}`;
}

/** Name of an identifier, or value of a string literal that stands for one. */
export function nameOf(node: unknown): string {
  const { name, value } = node as { name?: string; value?: string };
  return name ?? value ?? "";
}

/** Value of a string literal. */
export function textOf(node: unknown): string {
  return String((node as { value: unknown }).value);
}
