import { memberPath, type Node, nameOf } from "./source.js";

const mutators: ReadonlySet<string> = new Set([
  ...["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin"],
  ...["add", "delete", "clear", "set"],
]);
const changers: ReadonlySet<string> = new Set([
  ...["Object.assign", "Object.defineProperty", "Object.defineProperties", "Object.setPrototypeOf"],
  ...["Reflect.set", "Reflect.deleteProperty"],
]);

/** Names of which a part is assigned, deleted, or changed by a method, anywhere in a module. */
export function changedNames(body: readonly Node[]): Set<string> {
  const names = new Set<string>();
  const add = (node: Node | undefined) => {
    const root = node && rootOf(node);
    if (root !== undefined) names.add(root);
  };
  for (const statement of body) visit(statement, (node) => add(changedBy(node)));
  return names;
}

/** What a node changes: the object of the change. */
function changedBy(node: Node): Node | undefined {
  switch (node.type) {
    case "AssignmentExpression":
      return node.left as Node;
    case "UpdateExpression":
      return node.argument as Node;
    case "UnaryExpression":
      return node.operator === "delete" ? (node.argument as Node) : undefined;
    case "CallExpression": {
      const callee = node.callee as Node;
      if (changers.has(memberPath(callee) ?? "")) return (node.arguments as Node[])[0];
      const isMutator = callee.type === "MemberExpression" && mutators.has(nameOf(callee.property));
      return isMutator ? (callee.object as Node) : undefined;
    }
    default:
      return undefined;
  }
}

/** `a` for `a`, `a.b[0]`, `(a as X).b`. */
function rootOf(node: Node): string | undefined {
  if (node.type === "Identifier") return nameOf(node);
  const inner = (node.object ?? node.expression) as Node | undefined;
  return inner?.type ? rootOf(inner) : undefined;
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && typeof (child as Node).type === "string") {
        visit(child as Node, see);
      }
    }
  }
}
