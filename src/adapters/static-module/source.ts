import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { ParseResult, parseSync as ParseSync } from "oxc-parser";
import { changedNames } from "./changes.js";
import { commonJsExports } from "./commonjs.js";
import { namesIn } from "./scope.js";

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

/** A parsed module: what each top-level name is bound to, and what it exports. */
export interface SourceModule {
  readonly path: string;
  readonly shown: string;
  readonly text: string;
  readonly constants: ReadonlyMap<string, Node>;
  /** What is imported or required by name. */
  readonly imports: ReadonlyMap<string, Elsewhere>;
  /** Modules that are run before this one, in order; those imported for their types alone are not. */
  readonly runs: readonly string[];
  /** Exported name to the expression, or to the place where another module exports it. */
  readonly exports: ReadonlyMap<string, Node | Elsewhere>;
  readonly reexportsAll: readonly string[];
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
    ...collect(body),
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

function collect(body: readonly Node[]) {
  const constants = new Map<string, Node>();
  const imports = new Map<string, Elsewhere>();
  const exports = new Map<string, Node | Elsewhere>();
  const reexportsAll: string[] = [];
  const runs: string[] = [];
  for (const statement of body) {
    declareConstants(statement, constants, imports);
    if (statement.type === "ImportDeclaration") declareImports(statement, imports);
    if (statement.type === "ExportNamedDeclaration") declareExports(statement, constants, exports);
    if (statement.type === "ExportDefaultDeclaration") exports.set("default", statement.declaration as Node);
    if (statement.type === "TSExportAssignment") exports.set("default", statement.expression as Node);
    if (statement.type === "ExportAllDeclaration") {
      const from = textOf(statement.source);
      if (statement.exported) exports.set(nameOf(statement.exported), { from, name: "*" });
      else reexportsAll.push(from);
    }
    for (const [name, value] of commonJsExports(statement) ?? []) exports.set(name, value);
    runs.push(...modulesRunBy(statement));
  }
  return { constants, imports, exports, reexportsAll, runs };
}

/** What a statement imports, passes on or requires, types apart. */
function modulesRunBy(statement: Node): string[] {
  if (statement.type === "ExpressionStatement") return requiredBy(statement.expression as Node);
  if (statement.type === "VariableDeclaration") {
    return (statement.declarations as Node[]).flatMap(({ init }) => requiredBy(init as Node | null));
  }
  const isOfTypes = statement.importKind === "type" || statement.exportKind === "type";
  return statement.source && !isOfTypes ? [textOf(statement.source)] : [];
}

/** `"./lists"` for `require("./lists")`. */
function requiredBy(node: Node | null): string[] {
  if (node?.type !== "CallExpression" || memberPath(node.callee as Node) !== "require") return [];
  const [first] = node.arguments as Node[];
  return typeof first?.value === "string" ? [first.value] : [];
}

function declareConstants(
  statement: Node,
  constants: Map<string, Node>,
  imports: Map<string, Elsewhere>,
): void {
  const declaration =
    statement.type === "ExportNamedDeclaration" ? (statement.declaration as Node) : statement;
  if (declaration?.type === "TSEnumDeclaration") constants.set(nameOf(declaration.id), declaration);
  if (declaration?.type !== "VariableDeclaration") return;
  for (const declarator of declaration.declarations as Node[]) {
    const target = declarator.id as Node;
    const init = declarator.init as Node | null;
    const [from] = requiredBy(init);
    if (from !== undefined) declareRequired(target, from, imports);
    else if (declaration.kind === "const" && init) declareParts(target, init, constants);
  }
}

/** `const lists = require("./lists")`, `const { CORE } = require("./lists")` */
function declareRequired(target: Node, from: string, imports: Map<string, Elsewhere>): void {
  if (target.type === "Identifier") imports.set(nameOf(target), { from, name: "*" });
  for (const [local, key] of plainParts(target)) imports.set(local, { from, name: nameOf(key) });
}

/** `const a = …`, and `const { a, b: c } = …` as if `.a` and `.b` of it had been written. */
function declareParts(target: Node, init: Node, constants: Map<string, Node>): void {
  if (target.type === "Identifier") constants.set(nameOf(target), init);
  for (const [local, key] of plainParts(target)) {
    const { start, end } = key;
    constants.set(local, {
      type: "MemberExpression",
      object: init,
      property: key,
      computed: false,
      start,
      end,
    });
  }
}

/** Names that an object pattern binds, each with the key that it takes; without defaults and the rest. */
function plainParts(target: Node): [local: string, key: Node][] {
  if (target.type !== "ObjectPattern") return [];
  return (target.properties as Node[])
    .filter(
      (part) => part.type === "Property" && !part.computed && (part.value as Node).type === "Identifier",
    )
    .map((part) => [nameOf(part.value), part.key as Node]);
}

function declareImports(statement: Node, imports: Map<string, Elsewhere>): void {
  const from = textOf(statement.source);
  for (const specifier of statement.specifiers as Node[]) {
    const name =
      specifier.type === "ImportDefaultSpecifier"
        ? "default"
        : specifier.type === "ImportNamespaceSpecifier"
          ? "*"
          : nameOf(specifier.imported);
    const isType = statement.importKind === "type" || specifier.importKind === "type";
    if (!isType) imports.set(nameOf(specifier.local), { from, name });
  }
}

function declareExports(
  statement: Node,
  constants: ReadonlyMap<string, Node>,
  exports: Map<string, Node | Elsewhere>,
): void {
  const declaration = statement.declaration as Node | null;
  if (declaration?.type === "TSEnumDeclaration") exports.set(nameOf(declaration.id), declaration);
  if (declaration?.type === "VariableDeclaration") {
    for (const declarator of declaration.declarations as Node[]) {
      const pattern = declarator.id as Node;
      for (const name of namesIn(pattern)) {
        const init = constants.get(name) ?? (pattern.type === "Identifier" ? declarator.init : pattern);
        if (init) exports.set(name, init as Node);
      }
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
