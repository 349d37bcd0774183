import { commonJsExports } from "./commonjs.js";
import { namesIn } from "./scope.js";
import { type Elsewhere, memberPath, type Node, nameOf, textOf } from "./source.js";

/** What each top-level name of a module is bound to, and what the module exports. */
export interface Declarations {
  readonly constants: ReadonlyMap<string, Node>;
  /** What is imported or required by name. */
  readonly imports: ReadonlyMap<string, Elsewhere>;
  /** Modules that are run before this one, in order; those imported for their types alone are not. */
  readonly runs: readonly string[];
  /** Exported name to the expression, or to the place where another module exports it. */
  readonly exports: ReadonlyMap<string, Node | Elsewhere>;
  readonly reexportsAll: readonly string[];
}

/** Reads them off the statements of a module. */
export function declarationsOf(body: readonly Node[]): Declarations {
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
