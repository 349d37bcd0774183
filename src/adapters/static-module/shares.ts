import { isExports } from "./commonjs.js";
import type { Scope } from "./scope.js";
import { memberPath, type Node, nameOf } from "./source.js";

/**
 * A name whose value another value may be, hold, or be a part of, so that a change of the one is a change of
 * the other.
 */
export interface Share {
  readonly key: string;
  /** Steps from the name's value down to the other: 1 for `lists.a`, -1 for `[lists]`. */
  readonly depth: number;
  /** Changes less deep than this stay with the other: 1 for a copy, whose parts are shared. */
  readonly least: number;
}

const copying: ReadonlySet<string> = new Set([
  "filter",
  "slice",
  "concat",
  "toSorted",
  "toReversed",
  "values",
]);
const returningItself: ReadonlySet<string> = new Set(["sort", "reverse", "fill", "copyWithin", "add", "set"]);
const returningPart: ReadonlySet<string> = new Set(["at", "find", "findLast", "get", "pop", "shift"]);

/** What the value of an expression shares with which names. */
export function sharesOf(node: Node | null | undefined, scope: Scope): Share[] {
  if (!node) return [];
  if (isExports(node)) return [{ key: scope.keyOf("exports"), depth: 0, least: 0 }];
  switch (node.type) {
    case "Identifier":
      return [{ key: scope.keyOf(nameOf(node)), depth: 0, least: 0 }];
    case "MemberExpression":
      return nameOf(node.property) === "length" ? [] : parts(sharesOf(node.object as Node, scope));
    case "ConditionalExpression":
      return [...sharesOf(node.consequent as Node, scope), ...sharesOf(node.alternate as Node, scope)];
    case "LogicalExpression":
      return [...sharesOf(node.left as Node, scope), ...sharesOf(node.right as Node, scope)];
    case "AssignmentExpression":
      return sharesOf(node.right as Node, scope);
    case "ArrayExpression":
      return (node.elements as (Node | null)[]).flatMap((element) => held(element, scope));
    case "ObjectExpression":
      return (node.properties as Node[]).flatMap((property) =>
        held(property.type === "SpreadElement" ? property : (property.value as Node), scope),
      );
    case "CallExpression":
      return returned(node, scope);
    default:
      // `x as T`, `x!`, `(x)`, `x?.y`
      return node.expression && node.type !== "ArrowFunctionExpression"
        ? sharesOf(node.expression as Node, scope)
        : [];
  }
}

/** The same for a part of the value. */
export function parts(shares: readonly Share[]): Share[] {
  return shares.map(({ key, depth, least }) => ({ key, depth: depth + 1, least: Math.max(0, least - 1) }));
}

/** The same for a copy of the value. */
export function copies(shares: readonly Share[]): Share[] {
  return shares.map((share) => ({ ...share, least: Math.max(1, share.least) }));
}

/** The same for something that holds the value. */
export function holders(shares: readonly Share[]): Share[] {
  return shares.map(({ key, depth, least }) => ({ key, depth: depth - 1, least: least + 1 }));
}

function held(element: Node | null, scope: Scope): Share[] {
  return element?.type === "SpreadElement"
    ? copies(sharesOf(element.argument as Node, scope))
    : holders(sharesOf(element, scope));
}

/** The name that stands for what a function returns. */
export function resultOf(functionKey: string): string {
  return `${functionKey}()`;
}

function returned(node: Node, scope: Scope): Share[] {
  const callee = node.callee as Node;
  const [first] = node.arguments as Node[];
  const path = memberPath(callee) ?? "";
  if (callee.type === "Identifier") {
    return [{ key: resultOf(scope.keyOf(path)), depth: 0, least: 0 }];
  }
  if (/^Object\.(freeze|seal|assign)$/.test(path)) return sharesOf(first, scope);
  if (path === "Object.values") return copies(sharesOf(first, scope));
  if (callee.type !== "MemberExpression") return [];
  const method = nameOf(callee.property);
  const object = sharesOf(callee.object as Node, scope);
  if (returningItself.has(method)) return object;
  if (copying.has(method)) return copies(object);
  return returningPart.has(method) ? parts(object) : [];
}
