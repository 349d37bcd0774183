import type { Modules } from "./modules.js";
import { NotStatic } from "./not-static.js";
import { isElsewhere, memberPath, type Node, nameOf, type SourceModule } from "./source.js";

/** Something that a module exports, by a name of its own or as a key of the object that it exports by default. */
export interface ExportedKey {
  readonly name: string;
  /** The expression, or undefined where it is another module's, passed on. */
  readonly value: Node | undefined;
  /** It is a key of the default export. */
  readonly isOfDefault: boolean;
}

/** What a module exports, by name; no value is worked out. What can't be told by reading is left out. */
export function exportedKeys(module: SourceModule, modules: Modules): ExportedKey[] {
  const named = [...module.exports].map(([name, exported]) => ({
    name,
    value: isElsewhere(exported) ? undefined : ownValue(exported, module),
    isOfDefault: false,
  }));
  const whole = module.exports.get("default");
  const keys = whole && !isElsewhere(whole) ? keysOf(whole, module, modules, 0) : [];
  return [...named, ...keys.map((key) => ({ ...key, isOfDefault: true }))];
}

type Key = Omit<ExportedKey, "isOfDefault">;

/** Further than any registry goes: an end for constants that refer to themselves. */
const longestWay = 10;

function keysOf(node: Node, module: SourceModule, modules: Modules, steps: number): Key[] {
  if (steps > longestWay) return [];
  const inner = (next: Node) => keysOf(next, module, modules, steps + 1);
  switch (node.type) {
    case "ObjectExpression":
      return (node.properties as Node[]).flatMap((property) => {
        if (property.type === "SpreadElement") return inner(property.argument as Node);
        if (property.computed) return [];
        return [{ name: nameOf(property.key), value: ownValue(property.value as Node, module) }];
      });
    case "Identifier": {
      const constant = module.constants.get(nameOf(node));
      return constant ? inner(constant) : importedKeys(nameOf(node), module, modules, steps);
    }
    case "CallExpression":
      return isPassing(node, module) ? (node.arguments as Node[]).flatMap(inner) : [];
    default:
      return isCast(node) ? inner(node.expression as Node) : [];
  }
}

/** Keys of an object that another module exports: none of them is this one's own. */
function importedKeys(local: string, module: SourceModule, modules: Modules, steps: number): Key[] {
  const imported = module.imports.get(local);
  const other = imported && ownModule(module, imported.from, modules);
  if (!other) return [];
  const exported = other.exports.get(imported.name);
  const keys =
    imported.name === "*"
      ? [...other.exports.keys()].map((name) => ({ name }))
      : exported && !isElsewhere(exported)
        ? keysOf(exported, other, modules, steps + 1)
        : [];
  return keys.map(({ name }) => ({ name, value: undefined }));
}

function ownModule(from: SourceModule, specifier: string, modules: Modules): SourceModule | undefined {
  try {
    return modules.own(from, specifier);
  } catch (error) {
    if (error instanceof NotStatic) return undefined;
    throw error;
  }
}

/** The expression behind names and casts; undefined where that is an import, bare or in `new Set(…)`. */
function ownValue(node: Node, module: SourceModule, steps = 0): Node | undefined {
  if (steps > longestWay) return node;
  const root = memberPath(node)?.split(".")[0];
  if (root !== undefined && module.imports.has(root)) return undefined;
  const constant = node.type === "Identifier" ? module.constants.get(nameOf(node)) : undefined;
  const inner = constant ?? (isCast(node) ? (node.expression as Node) : undefined);
  if (inner) return ownValue(inner, module, steps + 1);
  const [first] = isPassing(node, module) ? (node.arguments as Node[]) : [];
  return first && ownValue(first, module, steps + 1) === undefined ? undefined : node;
}

function isCast({ type }: Node): boolean {
  return /^(TSAsExpression|TSSatisfiesExpression|TSTypeAssertion|TSNonNullExpression|ParenthesizedExpression)$/.test(
    type,
  );
}

/** A call whose result is what it gets, or holds the same. */
function isPassing(node: Node, module: SourceModule): boolean {
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return false;
  const path = memberPath(node.callee as Node) ?? "";
  const imported = module.imports.get(path);
  if (imported) return imported.from === "tenantctl" && imported.name === "defineRegistry";
  return ["Object.freeze", "Object.assign", "Set"].includes(path);
}
