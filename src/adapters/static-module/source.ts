import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { ParseResult, parseSync as ParseSync } from "oxc-parser";
import { changedNames } from "./changes.js";

/** A syntax tree node of oxc-parser (ESTree, TypeScript included), read field by field. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** A parsed module: what each top-level name is bound to, and what it exports. */
export interface SourceModule {
  readonly path: string;
  readonly shown: string;
  readonly text: string;
  readonly constants: ReadonlyMap<string, Node>;
  readonly imports: ReadonlyMap<string, { readonly from: string; readonly name: string }>;
  /** Exported name to the expression, or to the place where another module exports it. */
  readonly exports: ReadonlyMap<string, Node | { readonly from: string; readonly name: string }>;
  readonly reexportsAll: readonly string[];
  /** Names whose value is changed after they were declared: nobody knows it without running the module. */
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
  return { path, shown: show(path), text, ...collect(body), changed: changedNames(body) };
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

function collect(body: readonly Node[]) {
  const constants = new Map<string, Node>();
  const imports = new Map<string, { from: string; name: string }>();
  const exports = new Map<string, Node | { from: string; name: string }>();
  const reexportsAll: string[] = [];
  for (const statement of body) {
    declareConstants(statement, constants);
    if (statement.type === "ImportDeclaration") declareImports(statement, imports);
    if (statement.type === "ExportNamedDeclaration") declareExports(statement, constants, exports);
    if (statement.type === "ExportDefaultDeclaration") exports.set("default", statement.declaration as Node);
    if (statement.type === "ExportAllDeclaration") reexportsAll.push(textOf(statement.source));
    if (statement.type === "ExpressionStatement") declareCommonJs(statement.expression as Node, exports);
  }
  return { constants, imports, exports, reexportsAll };
}

function declareConstants(statement: Node, constants: Map<string, Node>): void {
  const declaration =
    statement.type === "ExportNamedDeclaration" ? (statement.declaration as Node) : statement;
  if (declaration?.type === "TSEnumDeclaration") constants.set(nameOf(declaration.id), declaration);
  if (declaration?.type !== "VariableDeclaration" || declaration.kind !== "const") return;
  for (const declarator of declaration.declarations as Node[]) {
    const target = declarator.id as Node;
    if (target.type === "Identifier" && declarator.init)
      constants.set(nameOf(target), declarator.init as Node);
  }
}

function declareImports(statement: Node, imports: Map<string, { from: string; name: string }>): void {
  const from = textOf(statement.source);
  for (const specifier of statement.specifiers as Node[]) {
    const name =
      specifier.type === "ImportDefaultSpecifier"
        ? "default"
        : specifier.type === "ImportNamespaceSpecifier"
          ? "*"
          : nameOf(specifier.imported);
    imports.set(nameOf(specifier.local), { from, name });
  }
}

function declareExports(
  statement: Node,
  constants: ReadonlyMap<string, Node>,
  exports: Map<string, Node | { from: string; name: string }>,
): void {
  const declaration = statement.declaration as Node | null;
  if (declaration?.type === "VariableDeclaration") {
    for (const declarator of declaration.declarations as Node[]) {
      const name = nameOf(declarator.id);
      const init = constants.get(name) ?? (declarator.init as Node | null);
      if (init) exports.set(name, init);
    }
  }
  for (const specifier of (statement.specifiers ?? []) as Node[]) {
    const local = nameOf(specifier.local);
    const exported = nameOf(specifier.exported);
    exports.set(
      exported,
      statement.source ? { from: textOf(statement.source), name: local } : (specifier.local as Node),
    );
  }
}

/** `module.exports = …`, `exports.X = …`, `module.exports.X = …` */
function declareCommonJs(
  expression: Node,
  exports: Map<string, Node | { from: string; name: string }>,
): void {
  if (expression.type !== "AssignmentExpression") return;
  const target = memberPath(expression.left as Node);
  const value = expression.right as Node;
  if (target === "module.exports") exports.set("default", value);
  const named = /^(?:module\.)?exports\.(\w+)$/.exec(target ?? "")?.[1];
  if (named) exports.set(named, value);
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

function textOf(node: unknown): string {
  return String((node as { value: unknown }).value);
}
