import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { lineAt, memberPath, type Node, nameOf, parseModule, type SourceModule } from "./source.js";

/** Where something is written; `file` as shown. */
export interface Location {
  readonly file: string;
  readonly line: number;
}

/** A value that can be known without running anything, with the place where it was written. */
export type StaticValue =
  | { readonly kind: "string"; readonly value: string; readonly location: Location; readonly place: string }
  | { readonly kind: "list"; readonly items: readonly StaticValue[]; readonly location: Location }
  | {
      readonly kind: "object";
      readonly entries: ReadonlyMap<string, StaticValue>;
      readonly location: Location;
    }
  | { readonly kind: "other"; readonly text: string; readonly location: Location };

/**
 * The value itself.
 *
 * @throws NotStatic for a literal that JSON does not have, such as a regular expression.
 */
export function plainValue(value: StaticValue): unknown {
  switch (value.kind) {
    case "string":
      return value.value;
    case "list":
      return value.items.map(plainValue);
    case "object":
      return Object.fromEntries([...value.entries].map(([key, item]) => [key, plainValue(item)]));
    case "other":
      if (value.text === "undefined") return undefined;
      try {
        return JSON.parse(value.text.replaceAll("_", ""));
      } catch {
        throw new NotStatic(value.text);
      }
  }
}

/** Thrown where an expression has to be run to be known. */
export class NotStatic extends Error {}

/**
 * Evaluates the expressions that registries are made of: literals, arrays and spreads, constants (of other
 * modules too, path aliases included), `as const`, `satisfies`, `new Set`, `Object.freeze`,
 * `Object.values`, `defineRegistry`, and `Prisma.ModelName.X`.
 */
export class StaticEvaluator {
  private readonly modules = new Map<string, SourceModule>();
  private readonly active = new Set<Node>();

  /**
   * @param show turns a path into what locations hold
   * @param functions known functions of one string, such as `env("NAME")`
   */
  constructor(
    private readonly show: (path: string) => string,
    private readonly functions: Readonly<Record<string, (text: string) => string>> = {},
  ) {}

  module(path: string): SourceModule {
    const known = this.modules.get(path);
    if (known) return known;
    const parsed = parseModule(path, this.show);
    this.modules.set(path, parsed);
    return parsed;
  }

  /** Value of an export, or undefined where the module has none of that name. */
  exported(module: SourceModule, name: string): StaticValue | undefined {
    const found = module.exports.get(name);
    if (found && module.changed.has(name)) throw new NotStatic(`${name} is changed after it was declared`);
    if (found) {
      if (!("from" in found && typeof found.from === "string")) return this.evaluate(found as Node, module);
      return this.exported(this.imported(module, found.from), (found as { name: string }).name);
    }
    for (const source of module.reexportsAll) {
      const value = name === "default" ? undefined : this.exported(this.imported(module, source), name);
      if (value) return value;
    }
    return undefined;
  }

  private imported(from: SourceModule, specifier: string): SourceModule {
    const { createJiti } = createRequire(import.meta.url)("jiti") as typeof import("jiti");
    const jiti = createJiti(from.path, { tsconfigPaths: true });
    const url = jiti.esmResolve(specifier, { try: true });
    if (!url?.startsWith("file:") || url.includes("/node_modules/")) {
      throw new NotStatic(`${specifier} is not a file of this project`);
    }
    return this.module(fileURLToPath(url));
  }

  evaluate(node: Node, module: SourceModule): StaticValue {
    if (this.active.has(node)) throw new NotStatic("a constant refers to itself");
    this.active.add(node);
    try {
      return this.evaluateOnce(node, module);
    } finally {
      this.active.delete(node);
    }
  }

  private evaluateOnce(node: Node, module: SourceModule): StaticValue {
    const location = { file: module.shown, line: lineAt(module.text, node.start) };
    const place = `${module.path}:${node.start}`;
    switch (node.type) {
      case "Literal":
        return typeof node.value === "string"
          ? { kind: "string", value: node.value, location, place }
          : { kind: "other", text: module.text.slice(node.start, node.end), location };
      case "TemplateLiteral": {
        const quasis = node.quasis as Node[];
        if (quasis.length !== 1) throw new NotStatic("a template with expressions");
        return { kind: "string", value: (quasis[0]!.value as { cooked: string }).cooked, location, place };
      }
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSTypeAssertion":
      case "TSNonNullExpression":
      case "ParenthesizedExpression":
        return this.evaluate(node.expression as Node, module);
      case "ArrayExpression":
        return { kind: "list", items: this.items(node.elements as (Node | null)[], module), location };
      case "ObjectExpression":
        return { kind: "object", entries: this.entries(node, module), location };
      case "TSEnumDeclaration":
        return { kind: "object", entries: this.enumEntries(node, module), location };
      case "Identifier":
        return this.identifier(nameOf(node), module, location);
      case "MemberExpression":
        return this.member(node, module, location, place);
      case "NewExpression":
      case "CallExpression":
        return this.call(node, module, location, place);
      default:
        throw new NotStatic(node.type);
    }
  }

  private items(elements: readonly (Node | null)[], module: SourceModule): StaticValue[] {
    return elements.flatMap((element) => {
      if (element === null) return [];
      if (element.type !== "SpreadElement") return [this.evaluate(element, module)];
      const spread = this.evaluate(element.argument as Node, module);
      if (spread.kind !== "list") throw new NotStatic("a spread of something that is no list");
      return [...spread.items];
    });
  }

  private entries(node: Node, module: SourceModule): Map<string, StaticValue> {
    const entries = new Map<string, StaticValue>();
    for (const property of node.properties as Node[]) {
      if (property.type === "SpreadElement") {
        const spread = this.evaluate(property.argument as Node, module);
        if (spread.kind !== "object") throw new NotStatic("a spread of something that is no object");
        for (const [key, value] of spread.entries) entries.set(key, value);
      } else if (property.computed || property.kind !== "init" || property.method) {
        throw new NotStatic("a computed key or a method");
      } else {
        entries.set(nameOf(property.key), this.evaluate(property.value as Node, module));
      }
    }
    return entries;
  }

  private enumEntries(node: Node, module: SourceModule): Map<string, StaticValue> {
    const members = ((node.body as Node | undefined)?.members ?? node.members) as Node[];
    return new Map(
      members.map((member) => {
        if (!member.initializer) throw new NotStatic("an enum member without a value");
        return [nameOf(member.id), this.evaluate(member.initializer as Node, module)];
      }),
    );
  }

  private identifier(name: string, module: SourceModule, location: Location): StaticValue {
    const constant = module.constants.get(name);
    if (constant && module.changed.has(name)) throw new NotStatic(`${name} is changed after it was declared`);
    if (constant) return this.evaluate(constant, module);
    const imported = module.imports.get(name);
    if (imported && imported.name !== "*") {
      const value = this.exported(this.imported(module, imported.from), imported.name);
      if (value) return value;
    }
    if (name === "undefined") return { kind: "other", text: name, location };
    throw new NotStatic(`${name} is not a constant of this project`);
  }

  private member(node: Node, module: SourceModule, location: Location, place: string): StaticValue {
    // Prisma Client's own list of names: `Prisma.ModelName.Asset` is "Asset" whatever the version.
    const modelName = /(?:^|\.)ModelName\.(\w+)$/.exec(memberPath(node) ?? "")?.[1];
    if (modelName) return { kind: "string", value: modelName, location, place };
    const key = node.computed ? this.evaluate(node.property as Node, module) : undefined;
    const name = key?.kind === "string" ? key.value : nameOf(node.property);
    const object = this.evaluate(node.object as Node, module);
    const value = object.kind === "object" ? object.entries.get(name) : undefined;
    if (!value) throw new NotStatic(`${name} of an unknown object`);
    return value.kind === "string" ? { ...value, location, place } : { ...value, location };
  }

  private call(node: Node, module: SourceModule, location: Location, place: string): StaticValue {
    const callee = memberPath(node.callee as Node) ?? "";
    const [first] = node.arguments as Node[];
    const known = Object.hasOwn(this.functions, callee) ? this.functions[callee] : undefined;
    if (known && first) {
      const argument = this.evaluate(first, module);
      if (argument.kind === "string")
        return { kind: "string", value: known(argument.value), location, place };
    }
    const isWrapper = ["Set", "Object.freeze", "Array.from"].includes(callee) || /^define[A-Z]/.test(callee);
    if (isWrapper && first) return this.evaluate(first, module);
    if ((callee === "Object.values" || callee === "Object.keys") && first) {
      const object = this.evaluate(first, module);
      if (object.kind !== "object") throw new NotStatic(`${callee} of something that is no object`);
      const items = [...object.entries].map(([key, value]) =>
        callee === "Object.values"
          ? value
          : { kind: "string" as const, value: key, location: value.location, place: `${module.path}:${key}` },
      );
      return { kind: "list", items, location: object.location };
    }
    throw new NotStatic(`a call of ${callee || "a function"}`);
  }
}
