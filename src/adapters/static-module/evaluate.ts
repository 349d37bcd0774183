import { refuseForeignChanges } from "./foreign-changes.js";
import { Modules } from "./modules.js";
import { NotStatic } from "./not-static.js";
import { modelNamedBy } from "./prisma-client.js";
import {
  type Elsewhere,
  isElsewhere,
  lineAt,
  memberPath,
  type Node,
  nameOf,
  type SourceModule,
} from "./source.js";

export { NotStatic };

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

/**
 * Evaluates the expressions that registries are made of: literals, arrays and spreads, constants (of other
 * modules too, path aliases included), `as const`, `satisfies`, `new Set`, `Object.freeze`,
 * `Object.values`, `defineRegistry` of `tenantctl`, and `Prisma.ModelName.X` of a Prisma client.
 */
export class StaticEvaluator {
  private readonly modules: Modules;
  private readonly active = new Set<Node>();
  /** Modules that a value was taken from. */
  private readonly used = new Set<SourceModule>();

  /**
   * @param show turns a path into what locations hold
   * @param functions functions of one string that `tenantctl` exports, such as `env("NAME")`
   */
  constructor(
    show: (path: string) => string,
    private readonly functions: Readonly<Record<string, (text: string) => string>> = {},
  ) {
    this.modules = new Modules(show);
  }

  /** @throws SourceError where it can't be read or has a syntax error. */
  module(path: string): SourceModule {
    return this.modules.open(path);
  }

  /**
   * Value of an export, or undefined where the module has none of that name.
   *
   * @throws NotStatic where it has to be run to be known.
   */
  exported(module: SourceModule, name: string): StaticValue | undefined {
    const value = this.valueOf(module, name);
    refuseForeignChanges(module, this.used, this.modules);
    return value;
  }

  /** Names that a module exports, those that it passes on with `export *` included. */
  exportedNames(module: SourceModule, seen: ReadonlySet<SourceModule> = new Set()): string[] {
    if (seen.has(module)) return [];
    if (module.changed.has("exports")) throw new NotStatic("what it exports is changed on the way");
    const passedOn = module.reexportsAll.flatMap((source) =>
      this.exportedNames(this.modules.own(module, source), new Set([...seen, module])),
    );
    return [...new Set([...module.exports.keys(), ...passedOn.filter((name) => name !== "default")])];
  }

  private valueOf(module: SourceModule, name: string): StaticValue | undefined {
    this.used.add(module);
    if (module.changed.has("exports")) throw new NotStatic("what it exports is changed on the way");
    const found = module.exports.get(name);
    if (found) {
      if (module.changed.has(name)) throw new NotStatic(`${name} is changed after it was declared`);
      return isElsewhere(found) ? this.valueElsewhere(module, found) : this.evaluate(found, module);
    }
    for (const source of module.reexportsAll) {
      const value = name === "default" ? undefined : this.valueOf(this.modules.own(module, source), name);
      if (value) return value;
    }
    return undefined;
  }

  private valueElsewhere(from: SourceModule, { from: specifier, name }: Elsewhere): StaticValue | undefined {
    if (name === "*") throw new NotStatic(`all of ${specifier}`);
    return this.valueOf(this.modules.own(from, specifier), name);
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
    if (module.changed.has(name)) throw new NotStatic(`${name} is changed after it was declared`);
    const constant = module.constants.get(name);
    if (constant) return this.evaluate(constant, module);
    const imported = module.imports.get(name);
    const value = imported && this.valueElsewhere(module, imported);
    if (value) return value;
    if (name === "undefined") return { kind: "other", text: name, location };
    throw new NotStatic(`${name} is not a constant of this project`);
  }

  private member(node: Node, module: SourceModule, location: Location, place: string): StaticValue {
    const model = modelNamedBy(node, module, this.modules);
    if (model !== undefined) return { kind: "string", value: model, location, place };
    const key = node.computed ? this.evaluate(node.property as Node, module) : undefined;
    const name = key?.kind === "string" ? key.value : nameOf(node.property);
    const object = this.evaluate(node.object as Node, module);
    const value = object.kind === "object" ? object.entries.get(name) : undefined;
    if (!value) throw new NotStatic(`${name} of an unknown object`);
    return value.kind === "string" ? { ...value, location, place } : { ...value, location };
  }

  private call(node: Node, module: SourceModule, location: Location, place: string): StaticValue {
    const callee = calledBy(node, module);
    const [first, ...others] = node.arguments as Node[];
    const known = this.functions[/^tenantctl (\w+)$/.exec(callee)?.[1] ?? ""];
    if (known && first) {
      const argument = this.evaluate(first, module);
      if (argument.kind === "string")
        return { kind: "string", value: known(argument.value), location, place };
    }
    if (/^tenantctl define(Registry|Config)$|^Object\.freeze$/.test(callee) && first) {
      return this.evaluate(first, module);
    }
    if ((callee === "Set" || callee === "Array.from") && first && others.length === 0) {
      const value = this.evaluate(first, module);
      if (value.kind !== "list") throw new NotStatic(`${callee} of something that is no list`);
      return value;
    }
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
    throw new NotStatic(`a call of ${memberPath(node.callee as Node) ?? "a function"}`);
  }
}

/**
 * What is called: `Object.values` for JavaScript's own, `tenantctl env` for what is imported from there,
 * nothing for a function that the module declares or gets elsewhere.
 */
function calledBy(node: Node, module: SourceModule): string {
  const path = memberPath(node.callee as Node) ?? "";
  const [root] = path.split(".") as [string];
  const imported = module.imports.get(root);
  if (imported) return imported.from === "tenantctl" && path === root ? `tenantctl ${imported.name}` : "";
  return module.constants.has(root) ? "" : path;
}
